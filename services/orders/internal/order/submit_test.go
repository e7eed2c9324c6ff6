package order_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

func TestSubmit(t *testing.T) {
	t.Run("ORD-021 ORD-022 ORD-023 Operations prepares, the customer submits and accepts both terms", func(t *testing.T) {
		o := draft(t)
		facts := must(t)(o.Submit(submission(t), now()))
		if o.State != order.Processing || o.SubmittedBy != person() || o.TransferID != "trf_1" || len(facts) != 1 {
			t.Fatalf("got %+v", o)
		}
		for _, term := range product(t).Terms {
			if !o.Accepted(term.Kind, term.Version) {
				t.Errorf("%s %s is not recorded", term.Kind, term.Version)
			}
		}
		if got := o.Terms[0]; got.AcceptedBy != person() || !got.AcceptedAt.Equal(now()) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ORD-020 a customer submits the draft that it wrote itself", func(t *testing.T) {
		o, _, err := order.New("ord_1", "agr_1", catalogue.BillingTransferEssentials, customer(), complete(), person(), now())
		if err != nil {
			t.Fatal(err)
		}
		must(t)(o.Submit(submission(t), now()))
	})
	t.Run("the transfer will know whether the customer is of the public sector as it submits", func(t *testing.T) {
		o, s := draft(t), submission(t)
		s.Customer.PublicSector = true
		must(t)(o.Submit(s, now()))
		if !o.PublicSector {
			t.Errorf("got %+v", o)
		}
	})
	t.Run("ORD-025 a new account has no id yet", func(t *testing.T) {
		o := draft(t)
		must(t)(o.Revise(order.Edit{AccountOption: ptr(catalogue.CreateNew), ManagementAccountID: ptr("")}, customer(), person(), now()))
		must(t)(o.Submit(submission(t), now()))
	})
}

func TestSubmitRefuses(t *testing.T) {
	tests := []struct {
		name, reason string
		edit         order.Edit
		turn         func(*order.Submission)
	}{
		{"ORD-022 an operator", order.ReasonSubmitterNotCustomer, order.Edit{}, func(s *order.Submission) {
			s.By = call.Actor{Subject: "op-2", Role: "OPERATOR"}
		}},
		{"ORD-022 a partner", order.ReasonSubmitterNotCustomer, order.Edit{}, func(s *order.Submission) {
			s.By = call.Actor{Subject: "pa-1", Role: "PARTNER"}
		}},
		{
			"ORD-022 a person of another customer", order.ReasonSubmitterNotCustomer,
			order.Edit{},
			func(s *order.Submission) { s.Binds = []string{"cus_2"} },
		},
		{"ORD-022 a workload on behalf of the customer", order.ReasonSubmitterNotCustomer, order.Edit{}, func(s *order.Submission) {
			s.By = call.Actor{Subject: "gateway", Role: "SERVICE", OnBehalfOf: "cu-1"}
		}},
		{"ORD-022 the preparer in the customer's role", order.ReasonSubmitterIsPreparer, order.Edit{}, func(s *order.Submission) {
			s.By = call.Actor{Subject: "op-1", Role: "CUSTOMER"}
		}},
		{"ORD-023 no terms", order.ReasonTermsNotAccepted, order.Edit{}, func(s *order.Submission) { s.Terms = nil }},
		{"ORD-023 one of two terms", order.ReasonTermsNotAccepted, order.Edit{}, func(s *order.Submission) { s.Terms = s.Terms[:1] }},
		{"ORD-023 an old version", order.ReasonTermsNotAccepted, order.Edit{}, func(s *order.Submission) { s.Terms[1].Version = "2025-01" }},
		{"ORD-024 no account option", order.ReasonFieldRequired, order.Edit{AccountOption: ptr(catalogue.AccountOption(""))}, nil},
		{"ORD-024 an existing account without its id", order.ReasonAccountIDInvalid, order.Edit{ManagementAccountID: ptr("")}, nil},
		{"ORD-032 permissions not confirmed", order.ReasonPermissionsNotConfirmed, order.Edit{PermissionsConfirmed: ptr(false)}, nil},
		{"ORD-033 no support option", order.ReasonFieldRequired, order.Edit{SupportOption: ptr(catalogue.SupportOption(""))}, nil},
		{"ORD-008 private pricing", catalogue.ReasonNotEligible, order.Edit{PrivatePricing: ptr(true)}, nil},
		{"ORD-009 GovCloud", catalogue.ReasonNotEligible, order.Edit{Partition: ptr(catalogue.PartitionGovCloud)}, nil},
		{"ORD-010 tier two", catalogue.ReasonNotEligible, order.Edit{TierTwoResale: ptr(true)}, nil},
		{
			"ORD-003 the seller has left the country", catalogue.ReasonCountryNotServed,
			order.Edit{},
			func(s *order.Submission) { s.Seller.CountryCodes = []string{"DE"} },
		},
		{"the contact has left the customer", order.ReasonContactUnknown, order.Edit{}, func(s *order.Submission) { s.Customer.Contacts = nil }},
		{"the seller has no payer", order.ReasonPayerMissing, order.Edit{}, func(s *order.Submission) { s.PayerMissing = true }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := draft(t)
			must(t)(o.Revise(tt.edit, customer(), person(), now()))
			s, before := submission(t), dump(t, o)
			if tt.turn != nil {
				tt.turn(&s)
			}
			_, err := o.Submit(s, now())
			e := refused(t, err, tt.reason)
			if e.Remedy == nil || e.Remedy.Who == "" || e.Remedy.Text.IsZero() {
				t.Errorf("nobody is told what to do: %+v", e.Remedy)
			}
			if dump(t, o) != before {
				t.Error("the refused submission left a trace")
			}
		})
	}
	t.Run("the chosen payer is none of the seller", func(t *testing.T) {
		o, s := draft(t), submission(t)
		must(t)(o.Revise(order.Edit{PayerID: ptr("pay_1")}, customer(), operator(), now()))
		s.PayerMissing = true
		_, err := o.Submit(s, now())
		if e := refused(t, err, order.ReasonPayerMissing); e.Remedy == nil || e.Remedy.Text.Key != "remedy.set_payer" {
			t.Errorf("got %+v", e.Remedy)
		}
	})
	t.Run("ORD-022 an operator who changed the customer's own draft", func(t *testing.T) {
		o, _, err := order.New("ord_1", "agr_1", catalogue.BillingTransferEssentials, customer(), complete(), person(), now())
		if err != nil {
			t.Fatal(err)
		}
		must(t)(o.Revise(order.Edit{PrivatePricing: ptr(true)}, customer(), operator(), now()))
		must(t)(o.Revise(order.Edit{PrivatePricing: ptr(false)}, customer(), call.Actor{Subject: "op-2", Role: "OPERATOR"}, now()))
		s := submission(t)
		s.By = call.Actor{Subject: operator().Subject, Role: "CUSTOMER"}
		_, err = o.Submit(s, now())
		refused(t, err, order.ReasonSubmitterIsPreparer)
	})
}

func TestAccountHeld(t *testing.T) {
	for _, s := range order.States() {
		holds := s == order.Processing || s == order.Querying || s == order.Completed
		if got := in(t, s).AccountHeld(); (got != "") != holds {
			t.Errorf("%s holds %q", s, got)
		}
	}
	o := in(t, order.Completed)
	must(t)(o.ObserveConnection(order.ConnectionView{TransferID: o.TransferID, Ended: true}, now()))
	if got := o.AccountHeld(); got != "" {
		t.Errorf("one whose account is bound no more holds %q", got)
	}
}

// TestAccountIsPayer: an account of the reseller's own is told to the customer, who can name another one.
func TestAccountIsPayer(t *testing.T) {
	s := submission(t)
	s.IsPayer = "111122223333"
	_, err := draft(t).Submit(s, now())
	if e := refused(t, err, order.ReasonAccountIsPayer); e.Remedy == nil || e.Remedy.Who != "CUSTOMER" {
		t.Errorf("got %+v", e.Remedy)
	}
}

// TestAccountOfWhatEnds: who sees the agreement that ends learns when, and what to do instead.
func TestAccountOfWhatEnds(t *testing.T) {
	end := now().AddDate(0, 1, 0)
	for _, legacy := range []bool{true, false} {
		s, who := submission(t), map[bool]string{true: "OPERATOR", false: "CUSTOMER"}[legacy]
		s.TakenBy = &order.Taken{OrderID: "ord_2", EndsAt: end, Legacy: legacy}
		_, err := draft(t).Submit(s, now())
		e := refused(t, err, order.ReasonAgreementEnding)
		if e.Meta["order_id"] != "ord_2" || e.Meta["end_time"] != end.Format(time.RFC3339) || e.Remedy == nil || e.Remedy.Who != who {
			t.Errorf("legacy %t: told %v, remedy %+v", legacy, e.Meta, e.Remedy)
		}
		s.TakenBy.OrderID = ""
		_, err = draft(t).Submit(s, now())
		refused(t, err, order.ReasonAccountAlreadyOrdered)
	}
}

// TestAccountTaken: only who may submit for the account learns that another order has it, and only who may see that one
// learns which.
func TestAccountTaken(t *testing.T) {
	for _, other := range []string{"", "ord_2"} {
		s := submission(t)
		s.TakenBy = &order.Taken{OrderID: other}
		_, err := draft(t).Submit(s, now())
		if e := refused(t, err, order.ReasonAccountAlreadyOrdered); e.Meta["order_id"] != other || len(e.Meta) > 1 {
			t.Errorf("with %q: told %v", other, e.Meta)
		}
		s.Terms = nil
		_, err = draft(t).Submit(s, now())
		refused(t, err, order.ReasonTermsNotAccepted)
	}
}

// TestSubmitStart: a month that the customer chose is one in which the billing transfer can begin.
func TestSubmitStart(t *testing.T) {
	month := func(m time.Month, day int) time.Time { return time.Date(2026, m, day, 0, 0, 0, 0, time.UTC) }
	for name, tt := range map[string]struct {
		start  time.Time
		reason string
	}{
		"the next one":                    {month(time.December, 1), ""},
		"the one after it":                {month(13, 1), ""},
		"one that is too far away":        {month(14, 1), order.ReasonStartTooLate},
		"one that has begun":              {month(time.November, 1), order.ReasonStartTooEarly},
		"none":                            {time.Time{}, ""},
		"the middle of one, when drafted": {month(time.December, 15), order.ReasonStartNotFirstOfMonth},
	} {
		t.Run(name, func(t *testing.T) {
			e := complete()
			e.StartAt = &tt.start
			o, _, err := order.New("ord_1", "agr_1", catalogue.BillingTransferEssentials, customer(), e, operator(), now())
			if err == nil {
				_, err = o.Submit(submission(t), now())
			}
			if tt.reason == "" {
				if err != nil || !tt.start.IsZero() && !o.Preview.Start.Equal(tt.start) {
					t.Errorf("got %v, which is to begin %s", err, o.Preview.Start)
				}
				return
			}
			if e := refused(t, err, tt.reason); e.Remedy == nil {
				t.Error("there is no remedy")
			}
		})
	}
}

// TestStartThatIsLeft: the remedy names no month that is refused then, also in the last hours of a month.
func TestStartThatIsLeft(t *testing.T) {
	for at, last := range map[time.Time]string{
		time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC): "2027-01",
		time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC): "",
	} {
		o := draft(t)
		o.StartAt = time.Date(2027, time.February, 1, 0, 0, 0, 0, time.UTC)
		_, err := o.Submit(submission(t), at)
		remedy := refused(t, err, order.ReasonStartTooLate).Remedy.Text
		if remedy.Params["last"] != last {
			t.Errorf("at %s it says %v", at, remedy.Params)
		}
		for _, named := range []string{remedy.Params["month"], remedy.Params["last"]} {
			if named == "" {
				continue
			}
			o.StartAt, _ = time.Parse("2006-01", named)
			again := *o
			if _, err := again.Submit(submission(t), at); err != nil {
				t.Errorf("at %s the named month %s is refused: %v", at, named, err)
			}
		}
	}
}
