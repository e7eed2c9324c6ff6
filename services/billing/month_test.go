package billing_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/sim/aws/state"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing"
)

const (
	waiting    = billingv1.PeriodState_PERIOD_STATE_WAITING_FOR_VENDOR
	rated      = billingv1.PeriodState_PERIOD_STATE_RATED
	reconciled = billingv1.PeriodState_PERIOD_STATE_RECONCILED
	invoiced   = billingv1.PeriodState_PERIOD_STATE_INVOICED
	held       = billingv1.PeriodState_PERIOD_STATE_HELD
)

// gateOf is when the month may be invoiced.
func gateOf(m time.Month) time.Time { return time.Date(2026, m+1, 5, 0, 0, 0, 0, time.UTC) }

// bound is a connection from March on, to the organization of the customer.
func bound() *accounttransferv1.Connection {
	c := connected()
	c.Basis = accounttransferv1.ConnectionBasis_CONNECTION_BASIS_BILLING_TRANSFER
	return c
}

// TestMemberIsBilled: a member of the payer's organization pays for what it uses from its first full month on, and for
// nothing that others use; the month of its end is invoiced and final.
func TestMemberIsBilled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.joined(customerAccount)
	r.joined(neighbour)
	c := connected()
	c.StartTime = timestamppb.New(time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC)) // March is the first full month
	rel := r.billed(c)
	r.uses(customerAccount, time.February, state.Usage{Service: "Amazon EC2", Amount: "77"})
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "100.004"}, state.Usage{Service: "Amazon S3", Amount: "20"})
	r.uses(neighbour, time.March, state.Usage{Service: "Amazon EC2", Amount: "5000"})
	c.State, c.EndTime = ending, first(time.April)
	r.hearConnection(t, c)
	p := r.period(rel.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	got := r.steps(p.GetPeriodId())
	if got.GetState() != invoiced || !got.GetIsFinal() || got.GetCostTotal().GetAmount() != "120.00" ||
		got.GetVendorTotal().GetAmount() != "5120.00" {
		t.Fatalf("March is %v", got)
	}
	found := r.invoices(rel.GetRelationshipId())
	if len(found) != 1 || !found[0].GetIsFinal() || !found[0].GetFirst() || found[0].GetTotal().GetAmount() != "120.00" {
		t.Errorf("invoices %v", found)
	}
	compared, err := r.reports.GetReconciliation(r.operator(t), &billingv1.GetReconciliationRequest{PeriodId: p.GetPeriodId()})
	must(t, err)
	if d := compared.GetReconciliation().GetDifference().GetAmount(); d != "0.00" {
		t.Errorf("the whole bill differs by %s", d)
	}
	if n, err := billing.Charges(t.Context(), r.env.DB, p.GetPeriodId()); n != 2 || err != nil {
		t.Errorf("%d charges are kept, %v", n, err)
	}
	if months := r.states(t, rel.GetRelationshipId()); len(months) != 1 {
		t.Errorf("its months are %v", months)
	}
}

// TestTransferredToItsEnd: a transferred organization is billed month by month; the last invoice alone is final, and
// nothing stays on hold behind it.
func TestTransferredToItsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	c := bound()
	rel := r.billed(c)
	for _, m := range []time.Month{time.March, time.April} {
		r.at(time.Date(2026, m, 10, 0, 0, 0, 0, time.UTC))
		r.uses(customerAccount, m, state.Usage{Service: "Amazon EC2", Amount: "50"},
			state.Usage{Service: "Scanner", BillingEntity: "AWS Marketplace", Amount: "9.99"})
		if m == time.April {
			_, err := r.aws.WithdrawBillingTransfer(t.Context(), customerAccount, false, time.Time{})
			must(t, err)
		}
		p := r.period(rel.GetRelationshipId(), m)
		r.at(month(m).Next().Start())
		if got := r.steps(p.GetPeriodId()); got.GetState() != waiting {
			t.Fatalf("%s begins to wait as %v", m, got)
		}
		r.at(month(m).Next().Start().Add(12 * time.Hour))
		if got := r.steps(p.GetPeriodId()); got.GetState() != reconciled {
			t.Fatalf("%s is %v before the gate", m, got)
		}
		if m == time.April { // the end is known after another month has begun
			c.State, c.EndTime = ended, first(time.May)
			r.hearConnection(t, c)
			kittest.Until(t, "it has ended", func() bool {
				return r.ofConnection(t, c)[0].GetState() == billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED
			})
		}
		r.at(gateOf(m))
		got := r.steps(p.GetPeriodId())
		if got.GetState() != invoiced || got.GetPriceTotal().GetAmount() != "59.99" || got.GetIsFinal() != (m == time.April) {
			t.Fatalf("%s is %v at the gate", m, got)
		}
	}
	found := r.invoices(rel.GetRelationshipId())
	slices.SortFunc(found, func(a, b *billingv1.Invoice) int { return int(a.GetMonth().GetMonth() - b.GetMonth().GetMonth()) })
	if len(found) != 2 || found[0].GetIsFinal() || !found[1].GetIsFinal() || !found[0].GetFirst() || found[1].GetFirst() ||
		found[0].GetNumber() != "2026-000001" || found[1].GetNumber() != "2026-000002" {
		t.Errorf("invoices %v", found)
	}
	for m, s := range r.states(t, rel.GetRelationshipId()) {
		if s == held || m > time.April && s != billingv1.PeriodState_PERIOD_STATE_VOIDED {
			t.Errorf("%s is %s", m, s)
		}
	}
}

// TestMismatch: an invoice of AWS that differs by a cent holds the month at the gate, says what to do, and the month goes
// on when it is released after AWS has corrected it.
func TestMismatch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	r.at(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "50"})
	p := r.period(rel.GetRelationshipId(), time.March)
	r.at(month(time.April).Start().Add(12 * time.Hour))
	issued, err := r.aws.Invoices(payerAccount, month(time.March))
	must(t, err)
	must(t, r.aws.AdjustInvoice(t.Context(), issued[0].ID, "50.01"))
	if got := r.steps(p.GetPeriodId()); got.GetState() != rated || got.GetWaiting().GetOwner() != typev1.Party_PARTY_AWS {
		t.Fatalf("before the gate it is %v", got)
	}
	r.at(gateOf(time.March))
	got := r.steps(p.GetPeriodId())
	if got.GetState() != held || got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_VENDOR_MISMATCH ||
		got.GetWaiting().GetWhere() != "ReportService.GetReconciliation" ||
		got.GetHold().GetMessage() != "AWS invoices USD 50.01 before tax, but its charges are USD 50." {
		t.Fatalf("at the gate it is %v", got)
	}
	if n := len(r.invoices(rel.GetRelationshipId())); n != 0 {
		t.Errorf("%d invoices", n)
	}
	r.listed(map[*billingv1.ListPeriodsRequest][]time.Month{
		{WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}}: {time.March},
		{WaitingOwners: []typev1.Party{typev1.Party_PARTY_AWS}}:      nil,
		{Escalated: true}: {time.March},
		{OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY}:                                        {time.March, time.April}, // April waits for nobody
		{OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY, States: []billingv1.PeriodState{held}}: {time.March},
		{Parked: true}: nil,
	})
	must(t, r.aws.AdjustInvoice(t.Context(), issued[0].ID, "50"))
	_, err = r.billing.ReleasePeriod(r.operator(t), &billingv1.ReleasePeriodRequest{PeriodId: p.GetPeriodId(), Reason: "AWS corrected it"})
	must(t, err)
	if got := r.steps(p.GetPeriodId()); got.GetState() != invoiced {
		t.Errorf("released it is %v", got)
	}
}

// TestRefusedByAWS: a payer role that AWS does not accept holds nothing before the gate, and holds the month at the gate.
func TestRefusedByAWS(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	r.at(month(time.March).Start())
	p := r.period(rel.GetRelationshipId(), time.March)
	r.payer.ExternalID = "guessed"
	r.at(month(time.April).Start().Add(12 * time.Hour))
	if got := r.steps(p.GetPeriodId()); got.GetState() != waiting || got.GetNextLookTime() == nil {
		t.Fatalf("before the gate it is %v", got)
	}
	r.at(gateOf(time.March))
	if got := r.steps(p.GetPeriodId()); got.GetState() != held || got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_VENDOR_REFUSED {
		t.Errorf("at the gate it is %v", got)
	}
}

// TestNothingInvoiced: a month that AWS does not invoice is on hold ten days after it, and AWS owes the next step.
func TestNothingInvoiced(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	r.at(month(time.March).Start())
	p := r.period(rel.GetRelationshipId(), time.March)
	r.at(month(time.April).Start().AddDate(0, 0, 9))
	missing := month(time.April).Start().AddDate(0, 0, 10)
	got := r.steps(p.GetPeriodId())
	if got.GetState() != waiting || !got.GetWaiting().GetUntilTime().AsTime().Equal(missing) {
		t.Fatalf("nine days after it is %v", got)
	}
	r.at(missing)
	got = r.steps(p.GetPeriodId())
	if got.GetState() != held || got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_VENDOR_INVOICE_MISSING ||
		got.GetWaiting().GetOwner() != typev1.Party_PARTY_AWS {
		t.Errorf("ten days after it is %v", got)
	}
}

// listed asks for periods and compares their months, in order.
func (r *rig) listed(want map[*billingv1.ListPeriodsRequest][]time.Month) {
	r.t.Helper()
	for req, months := range want {
		resp, err := r.billing.ListPeriods(r.operator(r.t), req)
		must(r.t, err)
		var got []time.Month
		for _, p := range resp.GetPeriods() {
			got = append(got, time.Month(p.GetMonth().GetMonth()))
		}
		if !slices.Equal(got, months) {
			r.t.Errorf("%v lists %v, want %v", req, got, months)
		}
	}
}

// TestAccountOfTwoCustomers: an account that leaves one customer's membership and comes to another's is billed to each for its own
// time, and to nobody twice: to the first one to the end of the day on which it was found to have left.
func TestAccountOfTwoCustomers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.joined(customerAccount)
	r.joined(neighbour)
	left, comes := connected(), connected()
	left.Members = append(left.Members, &accounttransferv1.Member{
		AccountId: neighbour, StartTime: first(time.March), LeaveTime: timestamppb.New(time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC)),
	})
	comes.AccountId, comes.Members[0].AccountId = neighbour, neighbour
	comes.StartTime, comes.Members[0].StartTime = first(time.April), first(time.April)
	from, to := r.billed(left), r.billed(comes)
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "1"})
	r.uses(neighbour, time.March, state.Usage{Service: "Amazon EC2", Amount: "10", Day: 9},
		state.Usage{Service: "Amazon EC2", Amount: "20", Day: 10}, state.Usage{Service: "Amazon EC2", Amount: "400", Day: 11})
	r.at(time.Date(2026, 4, 15, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.April, state.Usage{Service: "Amazon EC2", Amount: "2"})
	r.uses(neighbour, time.April, state.Usage{Service: "Amazon EC2", Amount: "8000"})
	r.at(gateOf(time.April))
	for relationshipID, want := range map[string]map[time.Month]string{
		from.GetRelationshipId(): {time.March: "31.00", time.April: "2.00"}, to.GetRelationshipId(): {time.April: "8000.00"},
	} {
		for m, cost := range want {
			got := r.steps(r.period(relationshipID, m).GetPeriodId())
			if got.GetState() != invoiced || got.GetCostTotal().GetAmount() != cost {
				t.Errorf("%s is %v, want %s", m, got, cost)
			}
		}
	}
	if a := r.ofConnection(t, left)[0].GetAccounts(); len(a) != 2 || a[1].GetLeaveTime() == nil {
		t.Errorf("the accounts are %v", a)
	}
}

// TestClosedMember: an account that is closed stays on the payer's bill: its customer is billed for what AWS dates after the closing, to
// the end of the month in which AWS lists it for the last time.
func TestClosedMember(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.joined(customerAccount)
	r.joined(neighbour)
	c := connected()
	gone := &accounttransferv1.Member{AccountId: neighbour, StartTime: first(time.March)}
	c.Members = append(c.Members, gone)
	rel := r.billed(c)
	r.at(time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC))
	must(t, r.aws.CloseAccount(t.Context(), neighbour))
	gone.State, gone.CloseTime = accounttransferv1.MemberState_MEMBER_STATE_CLOSED, timestamppb.New(r.clock.Now())
	r.hearConnection(t, c)
	r.uses(neighbour, time.March, state.Usage{Service: "Amazon EC2", Amount: "10", Day: 9},
		state.Usage{Service: "AWS Support (Business)", Amount: "0.25", Day: 25})
	r.at(time.Date(2026, 4, 12, 0, 0, 0, 0, time.UTC))
	gone.State, gone.LeaveTime = accounttransferv1.MemberState_MEMBER_STATE_LEFT, timestamppb.New(r.clock.Now())
	gone.LeaveReason = accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_ACCOUNT_CLOSED
	r.hearConnection(t, c)
	r.uses(neighbour, time.April, state.Usage{Service: "Savings Plans for AWS Compute usage", Amount: "7.5", Day: 25})
	r.at(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	r.uses(neighbour, time.May, state.Usage{Service: "Amazon EC2", Amount: "4000", Day: 2})
	r.uses(customerAccount, time.May, state.Usage{Service: "Amazon EC2", Amount: "1"})
	for m, want := range map[time.Month]string{time.March: "10.25", time.April: "7.50", time.May: "1.00"} {
		p := r.period(rel.GetRelationshipId(), m)
		r.at(gateOf(time.May))
		if got := r.steps(p.GetPeriodId()); got.GetState() != invoiced || got.GetCostTotal().GetAmount() != want {
			t.Errorf("%s is %v, want %s", m, got, want)
		}
	}
	if a := r.ofConnection(t, c)[0].GetAccounts(); len(a) != 2 || !a[1].GetClosed() {
		t.Errorf("the accounts are %v", a)
	}
}

// TestOwnOrganization: an organization of the customer's own, whose master account is the payer, is billed whole, but for the accounts
// that another relationship bills; the organization of a payer that others have, too, is not billed to anybody.
func TestOwnOrganization(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.joined(customerAccount)
	r.joined(neighbour)
	own, more := connected(), connected()
	own.AccountId, own.Members[0].AccountId = payerAccount, payerAccount
	more.AccountId, more.Members[0].AccountId = neighbour, neighbour
	more.CustomerId, more.PayerId = own.GetCustomerId(), own.GetPayerId()
	whole, rest := r.billed(own), r.billed(more)
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	for account, amount := range map[string]string{payerAccount: "1", customerAccount: "20", neighbour: "300"} {
		r.uses(account, time.March, state.Usage{Service: "Amazon EC2", Amount: amount})
	}
	p := r.period(whole.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	if got := r.steps(p.GetPeriodId()); got.GetState() != held || got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_VENDOR_REFUSED {
		t.Fatalf("of a payer that is for all it is %v", got)
	}
	r.ownedBy = own.GetCustomerId()
	_, err := r.billing.ReleasePeriod(r.operator(t), &billingv1.ReleasePeriodRequest{PeriodId: p.GetPeriodId(), Reason: "It is its own."})
	must(t, err)
	for relationshipID, cost := range map[string]string{whole.GetRelationshipId(): "21.00", rest.GetRelationshipId(): "300.00"} {
		got := r.steps(r.period(relationshipID, time.March).GetPeriodId())
		if got.GetState() != invoiced || got.GetCostTotal().GetAmount() != cost {
			t.Errorf("it is %v, want %s", got, cost)
		}
	}
}

// TestOwnOrganizationOnEachDay: of an account that another relationship bills on some days of a month, the own organization's has the
// other ones, so that both together are what AWS charges.
func TestOwnOrganizationOnEachDay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.joined(neighbour)
	own, more := connected(), connected()
	own.AccountId, own.Members[0].AccountId = payerAccount, payerAccount
	more.AccountId, more.Members[0].AccountId = neighbour, neighbour
	more.CustomerId, more.PayerId = own.GetCustomerId(), own.GetPayerId()
	more.Members[0].LeaveTime = timestamppb.New(time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC))
	r.ownedBy = own.GetCustomerId()
	whole, rest := r.billed(own), r.billed(more)
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	for day, amount := range map[int]string{10: "20", 12: "300"} {
		r.uses(neighbour, time.March, state.Usage{Service: "Amazon EC2", Day: day, Amount: amount})
	}
	r.uses(payerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "1"})
	for _, one := range []struct{ relationshipID, cost string }{{whole.GetRelationshipId(), "301.00"}, {rest.GetRelationshipId(), "20.00"}} {
		p := r.period(one.relationshipID, time.March)
		r.at(gateOf(time.March))
		if got := r.steps(p.GetPeriodId()); got.GetState() != invoiced || got.GetCostTotal().GetAmount() != one.cost {
			t.Errorf("it is %v, want %s", got, one.cost)
		}
	}
}
