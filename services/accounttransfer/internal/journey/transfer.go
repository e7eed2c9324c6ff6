// Package journey is the transfer: the way of an AWS account or organization to the reseller, from its order to its end.
// Its steps are a process; what AWS holds is a connection, which it demands conditions of and follows.
//
// It owns what a transfer is about, how it ends, and what Operations must decide when AWS was faster than a wish to end it.
// It talks to nobody and reads no clock. Methods change the transfer and return the facts that follow.
package journey

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// State is where a transfer stands.
type State string

// The states. COMPLETED, FAILED and CANCELLED are never left.
const (
	InProgress      State = "IN_PROGRESS"
	WaitingDecision State = "WAITING_DECISION" // the wish to end it came after the connection was effective
	Completed       State = "COMPLETED"        // every step is done or skipped
	Failed          State = "FAILED"           // it cannot go on: Failure says why
	Cancelled       State = "CANCELLED"        // ended on a wish
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{InProgress, WaitingDecision, Completed, Failed, Cancelled} }

// Ended reports whether the state is never left.
func (s State) Ended() bool { return s == Completed || s == Failed || s == Cancelled }

// SupportModel is who will support; it decides what missing roles mean.
type SupportModel string

// The support models.
const (
	PartnerLed SupportModel = "PARTNER_LED" // the reseller, which cannot without the Bootstrap Role (ORD-043)
	Resold     SupportModel = "RESOLD"      // AWS, sold by the reseller
)

// Transfer is the stored document.
type Transfer struct {
	ID             string         `json:"id"`
	OrderID        string         `json:"order_id"` // also the correlation of its events
	CustomerID     string         `json:"customer_id"`
	PayerID        string         `json:"payer_id"`
	ConnectionID   string         `json:"connection_id"`
	Kind           templates.Kind `json:"kind"`
	AccountID      string         `json:"source_account_id,omitempty"` // twelve digits; empty until the customer has entered it
	AgreementID    string         `json:"agreement_id,omitempty"`
	PayerAccountID string         `json:"payer_account_id,omitempty"` // of the payer of a membership; empty until it is known
	SellerID       string         `json:"seller_id,omitempty"`
	Linked         []string       `json:"linked_account_ids,omitempty"` // the accounts that come besides AccountID; twelve digits each
	PublicSector   bool           `json:"public_sector,omitempty"`      // of the customer, when the transfer began
	ConsentID      string         `json:"consent_id,omitempty"`         // AWS's consent that it needs; empty: none
	ConsentPolicy  consent.Policy `json:"consent_policy,omitzero"`      // of one that it comes to need
	ConsentWaived  bool           `json:"consent_waived,omitempty"`     // Operations has decided that it needs none

	Undecided    *templates.Undecided `json:"undecided,omitempty"` // the step that Operations must decide on, should it come to that
	SupportModel SupportModel         `json:"support_model,omitempty"`
	DecideIn     time.Duration        `json:"decide_in,omitempty"` // how long a decision may take before it is escalated

	State State `json:"state"`
	process.Process

	Channel  *Channel         `json:"channel,omitempty"`
	Issues   []Issue          `json:"issues,omitempty"`
	Ending   *Ending          `json:"ending,omitempty"`
	Decision *Decision        `json:"decision,omitempty"` // the last one; unset: none was needed
	Failure  *process.Failure `json:"failure,omitempty"`  // set while FAILED
	EndedAt  time.Time        `json:"ended_at,omitzero"`
	Details  Details          `json:"details,omitzero"`
	Overlong string           `json:"overlong,omitempty"` // the wait behind all steps that Operations was told of

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// Details are what mails say of the connection, as it was last seen.
type Details struct {
	AcceptBy   time.Time `json:"accept_by,omitzero"`
	Start      time.Time `json:"start,omitzero"`
	TermSeenAt time.Time `json:"term_seen_at,omitzero"`
	DeployURL  string    `json:"deploy_url,omitempty"`
	Cycles     int       `json:"cycles,omitempty"`
	Accounts   []string  `json:"accounts,omitempty"`  // of a membership: those that it is to bind, or binds
	Unbound    bool      `json:"unbound,omitempty"`   // of a membership: it is not known yet whether the accounts are members
	CutOff     time.Time `json:"cut_off,omitzero"`    // until when the invitation that is out, or goes out next, can be accepted for its start
	Answering  []string  `json:"answering,omitempty"` // of these, those that are to answer an invitation
	InvitedAt  time.Time `json:"invited_at,omitzero"` // when AWS received the newest invitation that an account is to answer
}

// Subject is what a transfer is about.
type Subject struct {
	ID, ConnectionID, OrderID, CustomerID, PayerID, AgreementID string
	AccountID                                                   string // may be empty for a template that asks for it
	SupportModel                                                SupportModel
	SellerID                                                    string
	Linked                                                      []string // accounts of a membership besides AccountID
	PublicSector                                                bool
	ConsentID                                                   string // see NeedsConsent; empty: AWS need not consent
	PayerAccountID                                              string // of the payer; empty: not known
}

// New begins a transfer by a template. Refused with ACCOUNT_ID_INVALID.
func New(j templates.Journey, s Subject, now time.Time) (*Transfer, []fact.Fact, error) {
	if s.SupportModel == "" {
		s.SupportModel = Resold
	}
	t := &Transfer{
		ID: s.ID, OrderID: s.OrderID, CustomerID: s.CustomerID, PayerID: s.PayerID, ConnectionID: s.ConnectionID, Kind: j.Kind,
		AccountID: s.AccountID, AgreementID: s.AgreementID, ConsentID: s.ConsentID, PayerAccountID: s.PayerAccountID,
		ConsentPolicy: j.Consent, Undecided: j.Undecided,
		SupportModel: s.SupportModel, DecideIn: j.DecideIn, State: InProgress,
		SellerID: s.SellerID, Linked: s.Linked, PublicSector: s.PublicSector, Details: Details{Cycles: j.Policy.Cycles},
	}
	if err := checkLinked(j, s); err != nil {
		return nil, nil, err
	}
	opened := start(t, j, now)
	opened = append(opened, withoutConsent(t, now)...)
	if s.SupportModel == PartnerLed {
		t.endsWithoutRole()
	}
	entry := t.AccountStep()
	if !process.ValidAccountID(s.AccountID) && (s.AccountID != "" || entry == nil) {
		return nil, nil, process.AccountIDInvalid()
	}
	facts := append([]fact.Fact{tell(FactCreated, "template", j.Key, "version", number(j.Version))}, opened...)
	if entry != nil && s.AccountID != "" { // the customer was faster than the form
		done, err := t.Complete(
			entry.Key, process.Statement{Evidence: "named in the order", AccountID: s.AccountID}, call.Actor{Role: "OPERATOR"}, now,
		)
		if err != nil {
			return nil, nil, err
		}
		entry.DoneBy = call.Actor{} // by nobody: it follows from the order
		facts = append(append(facts, done...), t.Advance(now)...)
	}
	return t, facts, nil
}

// start copies the steps and opens the first, unless Operations must decide which there are.
func start(t *Transfer, j templates.Journey, now time.Time) (facts []fact.Fact) {
	t.Process, facts = process.Copied(j.Template, now, traits(t)...)
	if unanswered(t) {
		return append(facts, askConsent(t, now))
	}
	return append(facts, t.Advance(now)...)
}

// traits are what decides which steps the transfer has.
func traits(t *Transfer) []process.Trait {
	if t.PublicSector {
		return []process.Trait{process.PublicSector}
	}
	return nil
}

// checkLinked refuses accounts that cannot come with the transfer. Refused with ACCOUNT_ID_INVALID and LINKED_ACCOUNTS_WRONG.
func checkLinked(j templates.Journey, s Subject) error {
	seen := map[string]bool{s.AccountID: true}
	for _, id := range s.Linked {
		switch {
		case j.Kind != templates.Membership:
			return linkedWrong("a billing transfer moves an organization: it names no linked accounts")
		case !process.ValidAccountID(id):
			return errs.InvalidField("linked_account_ids", process.ReasonAccountIDInvalid, "the id of an account has twelve digits, %q has not", id).
				WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.account-id")})
		case seen[id]:
			return linkedWrong("account " + id + " is named twice")
		}
		seen[id] = true
	}
	if len(seen) > mostAccounts {
		return linkedWrong("a transfer has at most " + number(mostAccounts) + " accounts")
	}
	return nil
}

// mostAccounts is how many accounts one transfer may have: what people can still follow, and less than any quota of AWS.
const mostAccounts = 100

func linkedWrong(why string) error {
	return errs.InvalidField("linked_account_ids", ReasonLinkedAccountsWrong, "%s", why)
}

// endsWithoutRole makes the deadline of the role end the journey: the reseller cannot support without it (ORD-043).
func (t *Transfer) endsWithoutRole() {
	if s := t.For(connection.RoleDeployed); s != nil && s.DueAfter > 0 {
		s.OnOverdue = process.Ends
	}
}

// underWay reports whether steps are being done: neither ending nor stopped nor over.
func (t *Transfer) underWay() bool { return t.State == InProgress && t.Ending == nil }

// going refuses what is only possible while steps are being done.
func (t *Transfer) going(verb string) error {
	if t.underWay() {
		return nil
	}
	return t.Refuses(verb)
}

// Refuses is the refusal of a verb that the state does not accept.
func (t *Transfer) Refuses(verb string) *errs.Error {
	if t.State == InProgress && t.Ending != nil {
		return errs.New(errs.Precondition, ReasonStateRefuses, "the transfer is ending, it cannot be %s", verb).WithMeta("state", string(t.State))
	}
	err := errs.New(
		errs.Precondition, ReasonStateRefuses, "a transfer in state %s cannot be %s", t.State, verb,
	).WithMeta("state", string(t.State))
	if w := t.Waiting(); w != nil && t.State == WaitingDecision {
		return err.WithRemedy(errs.Remedy{Who: process.Who(w.Owner), Text: w.Text, Until: w.Until})
	}
	return err
}

// end is the one way into an end state.
func (t *Transfer) end(s State, f *process.Failure, now time.Time) {
	t.State, t.Failure, t.Decision, t.EndedAt = s, f, t.Decision.record(), now
}

// Waiting says what the transfer stands still for; nil when nobody outside has to act.
func (t *Transfer) Waiting() *process.Waiting {
	switch {
	case t.State.Ended():
		return nil
	case t.State == WaitingDecision:
		return t.decisionWait()
	case t.Ending != nil:
		return t.Ending.waiting()
	}
	if w := unboundWait(t); w != nil {
		return w.Shown(t.Overlong)
	}
	return t.Process.Waiting()
}
