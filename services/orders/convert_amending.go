package orders

import (
	"strconv"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

func toTermination(words text.Words, t *termination.Termination) *ordersv1.Termination {
	if t == nil {
		return nil
	}
	out := &ordersv1.Termination{
		Reason: t.Reason, Phase: wire.Value[ordersv1.TerminationPhase](string(t.Phase)),
		ActTime: wire.Time(t.ActAt), EndTime: wire.Time(t.EndAt), KeepTime: wire.Time(t.KeepAt),
		Check: &ordersv1.TermCheck{
			Over: t.Check.Over, TermEndTime: wire.Time(t.Check.TermEnd), ServiceTermEndTime: wire.Time(t.Check.ServiceEnd),
			EarliestEndTime: wire.Time(t.Check.Earliest), ScheduledEndTime: wire.Time(t.Check.Scheduled), TermsDiffer: t.Check.Differ,
		},
	}
	out.FinalInvoiceMonth = wire.Month(t.FinalInvoice())
	if problem, _, said := t.Problem.Literal(); said {
		out.Problem = problem
	} else if !t.Problem.IsZero() {
		out.Problem = words.Say(t.Problem)
	}
	if d := t.Decision; d.Outcome != "" {
		out.Decision = &ordersv1.TerminationDecision{
			Outcome: wire.Value[ordersv1.TerminationOutcome](string(d.Outcome)), Reason: d.Reason, DecidedBy: wire.Actor(d.DecidedBy),
			DecideTime: wire.Time(d.DecidedAt),
		}
	}
	return out
}

func fromChange(req *ordersv1.RequestChangeRequest) change.Asked {
	asked := change.Asked{
		Kind: change.Kind(wire.Name(req.GetKind())), SupportOption: catalogue.SupportOption(wire.Name(req.GetSupportOption())),
		CurrencyCode: req.GetCurrencyCode(), DiscountPercent: req.GetDiscountPercent(), From: wire.FromMonth(req.GetFromMonth()),
		Reason: req.GetReason(),
	}
	if p := req.GetContacts(); p != nil {
		asked.People = &change.People{Primary: p.GetPrimaryPersonId(), Technical: p.GetTechnicalPersonId(), Billing: p.GetBillingPersonId()}
	}
	return asked
}

func toPeople(p *change.People) *ordersv1.AgreementContacts {
	if p == nil || *p == (change.People{}) {
		return nil
	}
	return &ordersv1.AgreementContacts{PrimaryPersonId: p.Primary, TechnicalPersonId: p.Technical, BillingPersonId: p.Billing}
}

func toChange(c *change.Change) *ordersv1.AgreementChange {
	if c == nil {
		return nil
	}
	out := &ordersv1.AgreementChange{
		Kind: wire.Value[ordersv1.ChangeKind](string(c.Kind)), SupportOption: wire.Value[ordersv1.SupportOption](string(c.SupportOption)),
		CurrencyCode: c.CurrencyCode, DiscountPercent: c.DiscountPercent, ValueBefore: c.Before, FromMonth: wire.Month(c.From),
		Reason: c.Reason, Phase: wire.Value[ordersv1.ChangePhase](string(c.Phase)), LapseTime: wire.Time(c.LapsesAt), ChannelId: c.ChannelID,
		Contacts: toPeople(c.People),
	}
	if d := c.Decision; d.Outcome != "" {
		out.Decision = &ordersv1.ChangeDecision{
			Outcome: wire.Value[ordersv1.ChangeOutcome](string(d.Outcome)), Reason: d.Reason, DecidedBy: wire.Actor(d.DecidedBy),
			DecideTime: wire.Time(d.DecidedAt),
		}
	}
	return out
}

func toTermsHistory(all []change.Dated) (out []*ordersv1.AgreementTerms) {
	for _, d := range all {
		out = append(out, &ordersv1.AgreementTerms{
			FromMonth: wire.Month(d.From), SupportOption: wire.Value[ordersv1.SupportOption](string(d.SupportOption)),
			CurrencyCode: d.CurrencyCode, DiscountPercent: d.DiscountPercent, OrderId: d.OrderID,
		})
	}
	return out
}

// withoutReasons leaves out what is between the reseller's people, for those who are none of them.
func withoutReasons(scope call.Scope, o *ordersv1.Order) {
	if scope.All() {
		return
	}
	byReseller := o.GetSubmittedBy().GetRole() == optionsv1.Role_ROLE_OPERATOR
	if t := o.GetTermination(); t != nil {
		t.Problem = ""
		if byReseller {
			t.Reason = ""
		}
		if d := t.GetDecision(); d != nil && (byReseller || d.GetOutcome() != ordersv1.TerminationOutcome_TERMINATION_OUTCOME_REFUSE) {
			d.Reason = ""
		}
	}
	if c := o.GetChange(); c != nil {
		if byReseller {
			c.Reason = ""
		}
		if d := c.GetDecision(); d != nil && d.GetOutcome() != ordersv1.ChangeOutcome_CHANGE_OUTCOME_REFUSE {
			d.Reason = ""
		}
	}
}

// endOf is how a connection ends. An etag is the revision.
func endOf(c *accounttransferv1.Connection) order.EndView {
	revision, _ := strconv.ParseInt(c.GetEtag(), 10, 64)
	return order.EndView{
		Revision: revision, Attempt: int(c.GetWithdrawal().GetAttempt()), Phase: wire.Name(c.GetWithdrawal().GetPhase()),
		Problem: c.GetWithdrawal().GetProblem(), Waiting: fromWaiting(c.GetWaiting()), End: wire.FromTime(c.GetEndTime()),
		Ended:     c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED,
		ByLeaving: c.GetBasis() == accounttransferv1.ConnectionBasis_CONNECTION_BASIS_MEMBERSHIP,
	}
}
