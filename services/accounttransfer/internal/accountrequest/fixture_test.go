package accountrequest

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
)

const (
	requestID = "acr_00000000000000000000000001"
	account   = "111122223333"
	hour      = time.Hour
)

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func operator() call.Actor { return call.Actor{Subject: "operator-1", Role: "OPERATOR"} }

func customer() call.Actor { return call.Actor{Subject: "pat", Role: "CUSTOMER"} }

func profile() Profile {
	return Profile{
		CustomerID: "cus_1", SellerID: "sel_1", Name: "Example Customer", CountryCode: "CH", CurrencyCode: "EUR", PricebookID: "pbk_1",
		PortalEnabled: true, PersonIDs: []string{"per_1"},
	}
}

func regions() Regions {
	return Regions{{Name: "NA", Group: "America", Countries: []string{"US"}, Inbox: "na@example.com"}, {Name: "ROW", Group: "Everywhere"}}
}

func policy() Policy {
	return Policy{ReviewIn: day, InformationIn: 2 * day, InformationEnds: 10 * day, CreateIn: day, FollowUpIn: 3 * day}
}

func asked() Asked {
	return Asked{
		ID: requestID, CustomerID: "cus_1", Nickname: "Data lake", Plan: Business, MailboxID: "mbx_1", By: customer(), Policy: policy(),
		Role: Role{ExternalID: requestID},
	}
}

func newRequest(t *testing.T, change ...func(*Asked)) *Request {
	t.Helper()
	a := asked()
	for _, f := range change {
		f(&a)
	}
	r, _, err := New(a, profile(), regions(), noon())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// in is a request in a state, come there as requests do.
func in(t *testing.T, s State, change ...func(*Asked)) *Request {
	t.Helper()
	r := newRequest(t, change...)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	switch s {
	case Routed:
	case InReview:
		r.Wishes.Granted(keyReview, wished())
		r.Tick(noon())
	case InfoRequested:
		must(r.RequestInformation("Which cost centre?", noon()))
	case Rejected:
		must(r.Reject("There is one.", operator(), noon()))
	case Cancelled:
		must(r.Cancel("Not needed.", customer(), noon()))
	case Approved, Creating, FollowUp, Ready:
		must(r.Approve("", operator(), noon()))
		if s == Approved {
			break
		}
		must(r.Create(noon()))
		must(r.CreationAsked("car-1", noon()))
		if s == Creating {
			break
		}
		must(r.Created(account, noon()))
		if s == FollowUp {
			break
		}
		must(r.ConfirmRootAccess("", customer(), noon()))
		must(r.EnterRole(arn()))
		must(r.RoleSeen(arn(), RoleValid, noon()))
		must(r.ConfirmPlan(Business, "", customer(), noon()))
		must(r.SetPlanGroup(BusinessSupport, noon()))
	}
	if r.State != s {
		t.Fatalf("it is %s, want %s", r.State, s)
	}
	return r
}

func arn() string { return "arn:aws:iam::" + account + ":role/Reseller" }
