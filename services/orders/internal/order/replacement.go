package order

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
)

// How a legacy agreement is moved to the new product (ORD-006): Operations prepares an order that names it, which the customer submits. The
// legacy agreement goes on until the first instant that AWS bills the new one, and as it was when nothing comes of the order.

// Replaceable is a legacy agreement, as far as the order that replaces it looks at it.
type Replaceable struct {
	AgreementID, CustomerID, AccountID, ConnectionID string

	Legacy             bool      // its accounts are the reseller's, or its product is of that generation
	InForce            bool      // also while it ends: until then the account is bound
	Over               bool      // it is not any more
	EndsAt             time.Time // first instant that AWS does not bill it any more; zero: open
	TerminationOrderID string    // that is open to end it; empty: none
	ReplacementOrderID string    // that is under way to replace it; empty: none
	ChangeOrderID      string    // that is open to change it; empty: none
	ChangeByReseller   bool      // Operations has ordered that one
}

// Replacement is what an order that replaces an agreement has of it.
type Replacement struct {
	AgreementID  string    `json:"agreement_id"`
	AccountID    string    `json:"account_id,omitempty"` // twelve digits
	ConnectionID string    `json:"connection_id"`        // what binds that account
	ToldAt       time.Time `json:"told_at,omitzero"`     // when AccountTransfer was told that the billing of the new one has begun
	OverAt       time.Time `json:"over_at,omitzero"`     // when the agreement was heard to be over
	EndsAt       time.Time `json:"ends_at,omitzero"`     // first instant that AWS does not bill it any more; zero: open

	Refusals  int       `json:"refusals,omitempty"`  // of AccountTransfer to end it, in a row
	RefusedAt time.Time `json:"refused_at,omitzero"` // when it last did
	Refusal   string    `json:"refusal,omitempty"`   // and why, in its words
}

// SupersedeEffect has AccountTransfer end what binds the account of a replaced agreement.
const SupersedeEffect = "supersede-connection"

// Replace has a new draft replace an agreement. Refused with ROLE_DENIED, AGREEMENT_UNKNOWN, AGREEMENT_NOT_LEGACY, STATE_REFUSES,
// TERMINATION_OPEN, CHANGE_OPEN and REPLACEMENT_OPEN.
func Replace(o *Order, of Replaceable, by call.Actor) error {
	if by.Role != roleOperator {
		return errs.New(errs.Denied, ReasonRoleDenied, "only Operations moves an agreement to another product").
			WithField("replaces_agreement_id", ReasonRoleDenied, "is set by Operations").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.operations_migrates")})
	}
	if of.CustomerID != o.CustomerID {
		return AgreementUnknown("replaces_agreement_id", of.AgreementID)
	}
	if err := replaceable(o, of); err != nil {
		return err
	}
	o.Replaces = &Replacement{AgreementID: of.AgreementID, AccountID: of.AccountID, ConnectionID: of.ConnectionID, EndsAt: of.EndsAt}
	return nil
}

// AgreementUnknown is the refusal of an agreement that the customer does not have.
func AgreementUnknown(field, id string) error {
	return errs.InvalidField(field, ReasonAgreementUnknown, "the customer has no agreement %q", id).
		WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.look_up_agreement")})
}

// replaceable refuses an agreement that an order cannot replace as things are.
func replaceable(o *Order, of Replaceable) error {
	refuse := func(reason, why string) *errs.Error {
		return errs.New(errs.Precondition, reason, "agreement %s cannot be replaced: %s", of.AgreementID, why).
			WithField("replaces_agreement_id", reason, why)
	}
	switch {
	case !of.Legacy || catalogue.IsLegacy(o.ProductID):
		return refuse(ReasonAgreementNotLegacy, "a legacy agreement is replaced by one for the billing transfer").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.replace_legacy")})
	case !of.InForce && !of.Over:
		return refuse(ReasonStateRefuses, "it is not in force yet").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.complete_order")})
	case !of.InForce:
		return refuse(ReasonStateRefuses, "it is over").
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.order_without_replacement")})
	case of.TerminationOrderID != "":
		return refuse(ReasonTerminationOpen, "a termination of it is open").WithMeta("order_id", of.TerminationOrderID).
			WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.open_termination")})
	case of.ReplacementOrderID != "" && of.ReplacementOrderID != o.ID:
		return refuse(ReasonReplacementOpen, "another order that replaces it is under way").WithMeta("order_id", of.ReplacementOrderID).
			WithRemedy(errs.Remedy{Who: roleOperator, Text: text.New("remedy.end_other_order")})
	case of.ChangeOrderID != "":
		who := string(Customer)
		if of.ChangeByReseller {
			who = roleOperator
		}
		return refuse(ReasonChangeOpen, "a change of it is open").WithMeta("order_id", of.ChangeOrderID).
			WithRemedy(errs.Remedy{Who: who, Text: text.New("remedy.open_change")})
	}
	return nil
}

// checkReplaced wants the agreement to be replaced as it was when the draft was made, and a month that was chosen to begin when that ends,
// at the latest.
func checkReplaced(o *Order, s Submission, now time.Time) error {
	if o.Replaces == nil {
		return nil
	}
	if err := replaceable(o, s.Replaces); err != nil {
		return err
	}
	end := s.Replaces.EndsAt
	if o.StartAt.IsZero() || end.IsZero() || !o.StartAt.After(end) {
		return nil
	}
	remedy := text.New("remedy.leave_start_open", "end", stamp(end))
	if month := calendar.MonthOf(end); calendar.InTime(month, now) && month.Start().Equal(end) {
		remedy = text.New("remedy.choose_start_of_end", "end", stamp(end), "month", month.String())
	}
	return errs.InvalidField("start_time", ReasonStartAfterEnd, "agreement %s ends before", o.Replaces.AgreementID).
		WithMeta("end_time", stamp(end)).WithRemedy(errs.Remedy{Who: string(Customer), Text: remedy})
}

// gap is from when on AWS bills the order that has ended what it replaces a time before; zero: there is none.
func gap(o *Order) time.Time {
	r := o.Replaces
	if r == nil || r.EndsAt.IsZero() || !o.Submitted() || ComesToNothing(o) || o.State == Failed {
		return time.Time{}
	}
	start := o.EffectiveAt
	if start.IsZero() {
		start = o.Preview.Start
	}
	if !start.After(r.EndsAt) {
		return time.Time{}
	}
	return start
}

// mailGap tells the customer that AWS bills it itself for a time.
const mailGap = "order-gap"

// gapNotices tell both sides of a gap, again when it becomes another one: AWS bills the customer itself in between.
func gapNotices(o *Order) []intent.Wish {
	start := gap(o)
	if start.IsZero() {
		return nil
	}
	params := []string{"order", o.ID, "agreement", o.Replaces.AgreementID, "start", stamp(start), "end", stamp(o.Replaces.EndsAt)}
	return []intent.Wish{
		{
			Key: "mail/gap@" + stamp(start), Kind: intent.Mail, Name: mailGap, To: toPrimary,
			Params: o.about("start", stamp(start), "end", stamp(o.Replaces.EndsAt)),
		},
		{
			Key: "case/gap@" + stamp(start), Kind: intent.Case, Name: problem, Priority: "P2",
			Title: text.New("case.gap.title", params...), Body: text.New("case.gap.body", params...), Resolved: text.New("case.gap.resolved"),
		},
	}
}

// ObserveReplacedEnd notes when the agreement ends that the order replaces.
func ObserveReplacedEnd(o *Order, end time.Time) []fact.Fact {
	if o.Replaces == nil || o.Replaces.EndsAt.Equal(end) {
		return nil
	}
	next := *o.Replaces
	next.EndsAt = end
	o.Replaces = &next
	if gap(o).IsZero() {
		return nil
	}
	return []fact.Fact{saying("order.gap", tell(FactProgressed, "end", stamp(end), "start", stamp(gap(o))))}
}

// ReplacedConnection is what binds the account of the agreement that the order replaces; "" when it replaces none, or one that is over.
func ReplacedConnection(o *Order) string {
	if o.Replaces == nil || !o.Replaces.OverAt.IsZero() {
		return ""
	}
	return o.Replaces.ConnectionID
}

// sharesAccount reports whether the order is for the account that the agreement has which it replaces, and that agreement goes on.
func sharesAccount(o *Order) bool {
	return o.Replaces != nil && o.Replaces.OverAt.IsZero() && o.Replaces.AccountID == o.ManagementAccountID
}

// neverBilled reports whether what has bound the account of the order has ended before AWS billed it.
func neverBilled(o *Order) bool { return o.Unbound && !o.EffectiveUntil.After(o.EffectiveAt) }

// ComesToNothing reports whether an order replaces nothing any more: it is deleted, or it was submitted and AWS does not bill its account
// and is not going to. What AWS has billed for a time took the place of the replaced agreement at its start, whatever became of it since.
func ComesToNothing(o *Order) bool {
	switch o.State {
	case Deleted:
		return true
	case Failed:
		return o.EffectiveAt.IsZero() || neverBilled(o)
	case Completed:
		return neverBilled(o)
	case Draft, Processing, Querying:
	}
	return false
}

// Undecided reports whether it is open what becomes of an order: an end of it is asked for, or Operations is to decide on its transfer.
func Undecided(o *Order) bool {
	return o.State.underWay() && (o.Ending != nil || o.TransferState == transferUndecided)
}

// BillingEnds reports whether what an order has brought is not to stay: the order came to nothing, or AWS has an end.
func BillingEnds(o *Order) bool {
	return o.State == Failed || o.State == Deleted || o.Unbound || !o.EffectiveUntil.IsZero()
}

// How AccountTransfer is told of a begin that it refuses: soon again, for what AWS has moved reaches it and us at different times, then
// twice a day. From then on people are to look at it, too.
const (
	refusedFirst = 15 * time.Minute // AWS may be asked at this moment
	refusedSoon  = time.Hour
	refusedPause = 12 * time.Hour
	refusedOften = 3
)

// WantsSupersede tells AccountTransfer, at the instant at which AWS begins to bill in the place of a replaced agreement, whether the order
// has ended or not, and also when that billing has ended since.
func WantsSupersede(o *Order) []intent.Want {
	r := o.Replaces
	if r == nil || !o.Submitted() || o.EffectiveAt.IsZero() || neverBilled(o) || !r.ToldAt.IsZero() || !r.OverAt.IsZero() {
		return nil
	}
	at := o.EffectiveAt
	if again := r.RefusedAt.Add(refusedPauseAfter(r.Refusals)); r.Refusals > 0 && again.After(at) {
		at = again
	}
	return []intent.Want{{At: at}}
}

func refusedPauseAfter(refusals int) time.Duration {
	switch {
	case refusals <= 1:
		return refusedFirst
	case refusals < refusedOften:
		return refusedSoon
	}
	return refusedPause
}

// RecordSupersedeRefused notes that AccountTransfer does not end what binds the account of the replaced agreement, and why.
func RecordSupersedeRefused(o *Order, why string, now time.Time) ([]fact.Fact, error) {
	if o.Replaces == nil || !o.Replaces.ToldAt.IsZero() {
		return nil, nil
	}
	next := *o.Replaces
	next.Refusals, next.RefusedAt, next.Refusal = next.Refusals+1, now, why
	o.Replaces = &next
	if next.Refusals != refusedOften {
		return nil, nil
	}
	return []fact.Fact{fact.Internally(fact.Because(saying("order.supersede_refused", tell(FactProgressed)), why))}, nil
}

// supersedeWait is the wait for Operations when AccountTransfer refuses again and again; nil: it does not.
func supersedeWait(o *Order) *Waiting {
	if r := o.Replaces; len(WantsSupersede(o)) == 0 || r.Refusals < refusedOften {
		return nil
	}
	return &Waiting{Owner: Reseller, Escalated: true, Text: text.New("wait.supersede_refused",
		"agreement", o.Replaces.AgreementID, "connection_id", o.Replaces.ConnectionID, "message", o.Replaces.Refusal)}
}

// billedBeside reports whether the agreement is over that the order replaces, has been billed after the order was, and AccountTransfer was
// never told that: nobody has ended it.
func billedBeside(o *Order) bool {
	r := o.Replaces
	return r != nil && o.Submitted() && !r.OverAt.IsZero() && r.ToldAt.IsZero() && !o.EffectiveAt.IsZero() && !neverBilled(o) &&
		r.EndsAt.After(o.EffectiveAt)
}

// supersedeCase is Operations' case about that, and about what was billed beside until it was over by itself.
func supersedeCase(o *Order) []intent.Wish {
	if billedBeside(o) {
		params := []string{"order", o.ID, "agreement", o.Replaces.AgreementID, "start", stamp(o.EffectiveAt), "end", stamp(o.Replaces.EndsAt)}
		return []intent.Wish{{
			Key: "case/billed-beside", Kind: intent.Case, Name: problem, Priority: "P2",
			Title: text.New("case.billed_beside.title", params...), Body: text.New("case.billed_beside.body", params...),
			Resolved: text.New("case.billed_beside.resolved"),
		}}
	}
	if supersedeWait(o) == nil {
		return nil
	}
	params := []string{"order", o.ID, "agreement", o.Replaces.AgreementID, "start", stamp(o.EffectiveAt), "message", o.Replaces.Refusal}
	return []intent.Wish{{
		Key: "case/supersede-refused", Kind: intent.Case, Name: problem, Priority: "P2",
		Title: text.New("case.supersede_refused.title", params...), Body: text.New("case.supersede_refused.body", params...),
		Resolved: text.New("case.supersede_refused.resolved", params...),
	}}
}

// RecordSuperseded notes that AccountTransfer was told.
func RecordSuperseded(o *Order, now time.Time) ([]fact.Fact, error) {
	if o.Replaces == nil {
		return nil, nil
	}
	told := tell(FactSuperseded, "start", stamp(o.EffectiveAt), "agreement_id", o.Replaces.AgreementID)
	return onceReplacing(o, func(r *Replacement) *time.Time {
		r.Refusals, r.RefusedAt, r.Refusal = 0, time.Time{}, ""
		return &r.ToldAt
	}, told, now)
}

// RecordReplacedOver notes that the agreement which the order replaces is over, so that its account is the order's alone.
func RecordReplacedOver(o *Order, now time.Time) ([]fact.Fact, error) {
	told := fact.Internally(saying("order.replaced_over", tell(FactProgressed)))
	return onceReplacing(o, func(r *Replacement) *time.Time { return &r.OverAt }, told, now)
}

// onceReplacing notes when something came of a replacement, and tells it; nothing the second time, and of an order that replaces nothing.
func onceReplacing(o *Order, note func(*Replacement) *time.Time, told fact.Fact, now time.Time) ([]fact.Fact, error) {
	if o.Replaces == nil {
		return nil, nil
	}
	next := *o.Replaces
	at := note(&next)
	if !at.IsZero() {
		return nil, nil
	}
	*at = now
	o.Replaces = &next
	return []fact.Fact{told}, nil
}
