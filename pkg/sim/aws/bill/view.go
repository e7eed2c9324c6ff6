package bill

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/billing/types"
	"github.com/google/uuid"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/state"
)

// The pricing plans that are AWS's own: public prices, and prices as they are billed.
const (
	BasicPlan       = "arn:aws:billingconductor::aws:pricingplan/BasicPricingPlan"
	PassthroughPlan = "arn:aws:billingconductor::aws:pricingplan/Passthrough"
)

// View is what an account can look at costs through.
type View struct {
	ARN    string
	Name   string
	Type   types.BillingViewType
	Owner  string // account
	Source string // management account of the transferred organization; empty for the primary view
	covers func(calendar.Month) bool
	shows  func(state.Usage) bool
	bill   string // whose usage it is, by the management account
	payer  string // whose months close
}

// ActiveIn reports whether the view has costs of the month: a transfer's view has none from before its start, nor from
// after its end.
func (v View) ActiveIn(m calendar.Month) bool { return v.covers(m) }

// Views returns the billing views of an account. A transfer's views exist from its start on, and stay when it has
// ended; the one that shows prices as the customer sees them needs a billing group.
func (b Book) Views(owner state.Account) []View {
	plans := b.plansOf(owner.ID)
	views := []View{b.primary(owner)}
	for _, t := range b.tx.Transfers.Of(owner.ID) {
		if t.Target != owner.ID || !t.Agreed() || t.StartsAt.After(b.tx.Now()) {
			continue
		}
		views = append(views, transferred(owner, t, types.BillingViewTypeBillingTransfer, everything))
		if plan, ok := plans[t.ID]; ok {
			views = append(views, transferred(owner, t, types.BillingViewTypeBillingTransferShowback, priced(plan)))
		}
	}
	return views
}

// Lines returns the usage of a month that a view shows.
func (b Book) Lines(v View, m calendar.Month) []state.Usage {
	if !v.covers(m) {
		return nil
	}
	var out []state.Usage
	for _, u := range b.tx.Usage.Of(state.Bill(v.bill, m)) {
		if v.shows(u) {
			out = append(out, u)
		}
	}
	return out
}

// Estimated reports whether what a view shows of a month may still change.
func (b Book) Estimated(v View, m calendar.Month) bool {
	_, closed := b.ClosedAt(v.payer, m)
	return !closed
}

// primary is an account's own bill: a management account's has all of its organization, a member's the member's part.
// What somebody else pays for is not on it.
func (b Book) primary(owner state.Account) View {
	v := View{
		ARN: arn(owner, "primary"), Name: "Primary View", Type: types.BillingViewTypePrimary,
		Owner: owner.ID, shows: everything, bill: owner.ID, payer: owner.ID,
	}
	if _, org, ok := b.tx.OrganizationOf(owner.ID); ok && org.Management != owner.ID {
		v.bill, v.payer = org.Management, org.Management
		v.shows = func(u state.Usage) bool { return u.Account == owner.ID }
	}
	v.covers = func(m calendar.Month) bool { return b.Payer(v.bill, m) == v.bill }
	return v
}

func transferred(owner state.Account, t state.Transfer, kind types.BillingViewType, shows func(state.Usage) bool) View {
	name := "billing-transfer-"
	if kind == types.BillingViewTypeBillingTransferShowback {
		name += "showback-"
	}
	name += uuid.NewSHA1(uuid.NameSpaceOID, []byte(t.ID)).String()
	return View{
		ARN: arn(owner, name), Name: name, Type: kind, Owner: owner.ID, Source: t.Source,
		covers: t.Covers, shows: shows, bill: t.Source, payer: owner.ID,
	}
}

func arn(owner state.Account, name string) string {
	return "arn:" + string(owner.Realm()) + ":billing::" + owner.ID + ":billingview/" + name
}

// plansOf are the pricing plans of an account's billing groups, by transfer.
func (b Book) plansOf(owner string) map[string]string {
	plans := map[string]string{}
	for _, g := range b.tx.BillingGroups.Of(owner) {
		if g.Transfer != "" {
			plans[g.Transfer] = g.PricingPlan
		}
	}
	return plans
}

func everything(state.Usage) bool { return true }

// priced is what a customer sees: public prices know no discount, credit, tax or support charge.
func priced(plan string) func(state.Usage) bool {
	if plan == PassthroughPlan {
		return everything
	}
	return func(u state.Usage) bool {
		switch {
		case isDiscount(u.RecordType), u.RecordType == recordTax, u.RecordType == "Support":
			return false
		}
		return true
	}
}

const recordTax = "Tax"

// isDiscount tells what an invoice shows as taken off.
func isDiscount(recordType string) bool {
	return recordType == "Credit" || strings.HasSuffix(recordType, "Discount")
}
