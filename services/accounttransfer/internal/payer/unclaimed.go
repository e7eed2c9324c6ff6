package payer

import (
	"cmp"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// Unclaimed is a transfer at AWS, or a member, that nothing of ours stands behind, and the case in which people settle it.
type Unclaimed struct {
	AWSTransferID   string    `json:"aws_transfer_id,omitempty"`
	SourceAccountID string    `json:"source_account_id,omitempty"`
	Name            string    `json:"name,omitempty"`
	Status          Status    `json:"status"`
	StartAt         time.Time `json:"start_at"`
	FoundAt         time.Time `json:"found_at"`
	TransferID      string    `json:"transfer_id,omitempty"` // of ours, ended; empty: none
	OrderID         string    `json:"order_id,omitempty"`
	CustomerID      string    `json:"customer_id,omitempty"`
	AWSHandshakeID  string    `json:"aws_handshake_id,omitempty"`
	Late            bool      `json:"late,omitempty"` // an invitation that outlived our transfer: it is cancelled

	TryAt   time.Time `json:"try_at,omitzero"`   // of a late one: when AWS is asked again to cancel it; zero: at once
	Refused bool      `json:"refused,omitempty"` // of a late one: AWS does not cancel it
}

func unclaimed(f Finding, now time.Time) Unclaimed {
	u := Unclaimed{
		AWSTransferID: f.AWSTransferID, SourceAccountID: f.SourceAccountID, Name: f.Name, Status: f.Status,
		StartAt: f.StartAt, FoundAt: now, AWSHandshakeID: f.AWSHandshakeID, Late: f.Late,
	}
	if f.Ours != nil {
		u.TransferID, u.OrderID, u.CustomerID = f.Ours.TransferID, f.Ours.OrderID, f.Ours.CustomerID
	}
	return u
}

func (u Unclaimed) key() string { return cmp.Or(u.AWSTransferID, u.SourceAccountID) }

// tell is a fact about the transfer at AWS, for the reseller's people.
func (u Unclaimed) tell(name string) fact.Fact {
	details := map[string]string{}
	for key, value := range map[string]string{
		"aws_transfer_id": u.AWSTransferID, "source_account_id": u.SourceAccountID, "transfer_id": u.TransferID,
	} {
		if value != "" {
			details[key] = value
		}
	}
	return fact.Fact{Name: name, Audience: fact.Operator, Details: details}
}

// finding returns what was found of a transfer at AWS, or of a member, by its key; nil when nothing was, or it is settled.
func (p *Payer) finding(key string) *Unclaimed {
	i := slices.IndexFunc(p.Unclaimed, func(u Unclaimed) bool { return u.key() == key })
	if i < 0 {
		return nil
	}
	return &p.Unclaimed[i]
}

// EffectCancel is the effect by which AWS is asked to cancel an invitation that outlived its transfer; its subject is the AWS
// transfer.
const EffectCancel = "cancel-late"

// CancelWanted is when AWS is asked for it.
func (p *Payer) CancelWanted() []intent.Want {
	var wants []intent.Want
	for _, u := range p.Unclaimed {
		if u.Late {
			wants = append(wants, intent.Want{Subject: u.AWSTransferID, At: orNow(u.TryAt)})
		}
	}
	return wants
}

// Finding returns what was found of a transfer at AWS; nil when it is settled.
func (p *Payer) Finding(awsTransferID string) *Unclaimed { return p.finding(awsTransferID) }

// Wanted is the set of cases in which people settle what was found, and mend the way into the payer.
func (p *Payer) Wanted() []intent.Wish {
	wishes := append(append(p.shutOut(), p.quotaCase()...), p.untold()...)
	for _, u := range p.Unclaimed {
		if u.Late && !u.Refused {
			continue
		}
		params := []string{
			"aws_transfer_id", u.AWSTransferID, "account_id", u.SourceAccountID, "payer_account_id", p.AccountID,
			"start", u.StartAt.Format(time.RFC3339), "transfer_id", u.TransferID,
		}
		title, body, over := "case.unclaimed.title", "case.unclaimed.body", "case.unclaimed.over"
		switch {
		case u.Status == Member:
			title, body, over = "case.unclaimed.title-of-member", "case.unclaimed.body-of-member", "case.unclaimed.over-of-member"
		case u.TransferID != "":
			body = "case.unclaimed.body-of-transfer"
		}
		wishes = append(wishes, intent.Wish{
			Key: CaseKey(u), Kind: intent.Case, Name: "UNCLAIMED_RELATIONSHIP", Priority: "P2",
			Customer: u.CustomerID, Correlation: u.OrderID,
			Title: text.New(title, params...), Body: text.New(body, params...),
			Resolved: text.New(over, params...),
		})
	}
	return wishes
}

// CaseKey is the key of the wish for a finding's case.
func CaseKey(u Unclaimed) string { return "case/" + u.key() }

// orNow is a time, or now where none is set.
func orNow(at time.Time) time.Time {
	if at.IsZero() {
		return intent.Immediately
	}
	return at
}
