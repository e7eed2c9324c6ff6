package payer

import (
	"strconv"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// margin is how many transfers are left when Operations is told: a tenth of the quota, which AWS takes days to raise.
func margin(quota int) int { return (quota + 9) / 10 }

// near reports whether so many transfers leave no more than the margin. A payer that is to take none is never near.
func near(used, quota int) bool { return quota > 0 && used > 0 && quota-used <= margin(quota) }

// Nears reports whether Operations has to be told of a quota when so many transfers use it.
func (p *Payer) Nears(used int) bool { return p.NearAt.IsZero() && near(used, p.InboundQuota) }

// nearFor is how long a payer may be near its quota before that is urgent: AWS takes days to raise one.
const nearFor = 14 * 24 * time.Hour

// QuotaSeen notes how many transfers use the payer's quota. Operations is told once when few are left, and again only after twice as
// many were free in between.
func QuotaSeen(p *Payer, used int, now time.Time) []fact.Fact {
	p.Used = used
	p.NearLong = !p.NearAt.IsZero() && !now.Before(p.NearAt.Add(nearFor))
	count, quota := strconv.Itoa(used), strconv.Itoa(p.InboundQuota)
	switch {
	case p.Nears(used):
		p.NearAt, p.NearUsed = now, used
		return []fact.Fact{fact.Fact{Name: FactQuotaNear, Audience: fact.Operator}.With("used", count, "quota", quota)}
	case !p.NearAt.IsZero() && !near(used, p.InboundQuota) && (used == 0 || p.InboundQuota-used >= 2*margin(p.InboundQuota)):
		p.NearAt, p.NearUsed, p.NearLong = time.Time{}, 0, false
		return []fact.Fact{fact.Fact{Name: FactQuotaEased, Audience: fact.Operator}.With("used", count, "quota", quota)}
	}
	return nil
}

// quotaCase is the case in which people see to it that the payer can take more.
func (p *Payer) quotaCase() []intent.Wish {
	if p.NearAt.IsZero() {
		return nil
	}
	params := []string{
		"payer_account_id", p.AccountID, "payer_id", p.ID, "used", strconv.Itoa(p.NearUsed), "quota", strconv.Itoa(p.InboundQuota),
	}
	return []intent.Wish{{
		Key: "case/quota@" + p.NearAt.Format(time.RFC3339), Kind: intent.Case, Name: "BILLING_PROBLEM", Priority: "P3",
		Title: text.New("case.quota.title", params...), Body: text.New("case.quota.body", params...), Resolved: text.New("case.quota.over"),
	}}
}
