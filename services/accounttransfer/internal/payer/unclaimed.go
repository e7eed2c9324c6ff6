package payer

import (
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Unclaimed is a transfer at AWS that nothing of ours stands behind, and the case in which people settle it.
type Unclaimed struct {
	AWSTransferID   string    `json:"aws_transfer_id"`
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

	CaseID string    `json:"case_id"`          // chosen before support is asked
	Asked  bool      `json:"asked,omitempty"`  // support was asked, and may have the case
	Opened bool      `json:"opened,omitempty"` // support has the case
	TryAt  time.Time `json:"try_at,omitzero"`  // when support, or AWS for a late one, is asked again; zero: at once
}

// Closing is a case whose finding is settled, until support knows.
type Closing struct {
	CaseID        string    `json:"case_id"`
	AWSTransferID string    `json:"aws_transfer_id"`
	TryAt         time.Time `json:"try_at"`
}

// How long support is left alone after it did not do what it was asked. The sweep does not wait for it.
const (
	afterSilence = time.Hour
	afterRefusal = 24 * time.Hour // only people can mend that
)

func unclaimed(f Finding, now time.Time) Unclaimed {
	u := Unclaimed{
		AWSTransferID: f.AWSTransferID, SourceAccountID: f.SourceAccountID, Name: f.Name, Status: f.Status,
		StartAt: f.StartAt, FoundAt: now, CaseID: f.CaseID, AWSHandshakeID: f.AWSHandshakeID, Late: f.Late,
	}
	if f.Ours != nil {
		u.TransferID, u.OrderID, u.CustomerID = f.Ours.TransferID, f.Ours.OrderID, f.Ours.CustomerID
	}
	return u
}

// tell is a fact about the transfer at AWS, for the reseller's people.
func (u Unclaimed) tell(name, note string) fact.Fact {
	details := map[string]string{"aws_transfer_id": u.AWSTransferID}
	for key, value := range map[string]string{"source_account_id": u.SourceAccountID, "transfer_id": u.TransferID} {
		if value != "" {
			details[key] = value
		}
	}
	return fact.Fact{Name: name, Audience: fact.Operator, Text: text.Plain(note).Key, Details: details}
}

// finding returns what was found of a transfer at AWS; nil when nothing was, or it is settled.
func (p *Payer) finding(awsTransferID string) *Unclaimed {
	i := slices.IndexFunc(p.Unclaimed, func(u Unclaimed) bool { return u.AWSTransferID == awsTransferID })
	if i < 0 {
		return nil
	}
	return &p.Unclaimed[i]
}

// Finding returns the finding that a case is about; nil when it is settled.
func (p *Payer) Finding(caseID string) *Unclaimed {
	i := slices.IndexFunc(p.Unclaimed, func(u Unclaimed) bool { return u.CaseID == caseID })
	if i < 0 {
		return nil
	}
	return &p.Unclaimed[i]
}

// IntendCase notes that support is about to be asked for a case, so that it is resolved even if the answer is lost.
func (p *Payer) IntendCase(caseID string) ([]fact.Fact, error) {
	if u := p.Finding(caseID); u != nil {
		u.Asked = true
	}
	return nil, nil
}

// CaseOpened notes that support has the case.
func (p *Payer) CaseOpened(caseID string) ([]fact.Fact, error) {
	if u := p.Finding(caseID); u != nil {
		u.Opened = true
	}
	return nil, nil
}

// CaseNotOpened notes that support did not answer, or refused.
func (p *Payer) CaseNotOpened(caseID string, refused bool, now time.Time) ([]fact.Fact, error) {
	if u := p.Finding(caseID); u != nil {
		u.TryAt = again(refused, now)
	}
	return nil, nil
}

// CaseClosed notes that support knows that the case is settled, or that it has no such case to resolve any more.
func (p *Payer) CaseClosed(caseID string) ([]fact.Fact, error) {
	p.Closing = slices.DeleteFunc(p.Closing, func(c Closing) bool { return c.CaseID == caseID })
	return nil, nil
}

// CaseNotClosed notes that support did not answer.
func (p *Payer) CaseNotClosed(caseID string, now time.Time) ([]fact.Fact, error) {
	for i := range p.Closing {
		if p.Closing[i].CaseID == caseID {
			p.Closing[i].TryAt = again(false, now)
		}
	}
	return nil, nil
}

func again(refused bool, now time.Time) time.Time {
	if refused {
		return now.Add(afterRefusal)
	}
	return now.Add(afterSilence)
}
