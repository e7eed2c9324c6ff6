package accountrequest

import (
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Each of AWS's reasons has somebody who must act, and those that pass are tried again by themselves.
func TestEveryReasonHasAnOwner(t *testing.T) {
	for _, reason := range append(Reasons(), "SOMETHING_NEW") {
		r := in(t, Creating)
		facts, err := r.CreationFailed(reason, noon())
		w := r.Waiting()
		if err != nil || len(facts) == 0 || w == nil || w.Owner == "" || w.Text.IsZero() {
			t.Errorf("%s: %v, %v, waits for %+v", reason, err, facts, w)
			continue
		}
		switch {
		case needsAddress(reason):
			if r.State != InfoRequested || w.Owner != process.Customer {
				t.Errorf("%s: it is %s and waits for %s", reason, r.State, w.Owner)
			}
		case w.Owner == process.AWS && CreateWanted(r) == nil:
			t.Errorf("%s: nobody asks AWS again", reason)
		case r.State != Creating:
			t.Errorf("%s: it is %s", reason, r.State)
		}
	}
}

func TestAnotherRootAddressGoesOnWithTheCreation(t *testing.T) {
	r := in(t, Creating)
	_, _ = r.CreationFailed(EmailAlreadyExists, noon())
	if _, err := r.ProvideInformation(Given{Answer: "It is right."}, customer(), noon()); errs.ReasonOf(err) != ReasonFieldRequired {
		t.Errorf("without an address: %v", err)
	}
	if _, err := r.Reject("No.", operator(), noon()); errs.ReasonOf(err) != ReasonStateRefuses {
		t.Errorf("rejected after the approval: %v", err)
	}
	if _, err := r.ProvideInformation(Given{Address: true}, customer(), noon()); err != nil || r.State != Approved {
		t.Fatalf("it is %s, %v", r.State, err)
	}
	if want := CreateWanted(r); len(want) != 1 || want[0].At != intent.Immediately {
		t.Errorf("wanted is %v", want)
	}
}

func TestAFailureIsToldOnceAndTriedAgain(t *testing.T) {
	r := in(t, Creating)
	first, _ := r.CreationFailed("ACCOUNT_NUMBER_LIMIT_EXCEEDED", noon())
	if f := r.Creation.Failure; len(first) != 1 || f.Reason != limitExceeded || f.Owner != process.Reseller ||
		!f.RetryAt.Equal(noon().Add(day)) {
		t.Fatalf("%v, %+v", first, f)
	}
	if _, err := r.Cancel("No.", customer(), noon()); err != nil {
		t.Errorf("a creation that has stopped cannot be cancelled: %v", err)
	}
	r = in(t, Creating)
	_, _ = r.CreationFailed(limitExceeded, noon())
	if _, err := r.Retry(); err != nil || CreateWanted(r)[0].At != intent.Immediately {
		t.Errorf("asked again %v, %v", CreateWanted(r), err)
	}
	_, _ = r.Create(noon().Add(hour))
	if again, _ := r.CreationFailed(limitExceeded, noon().Add(hour)); len(again) != 0 || !r.Creation.Failure.Since.Equal(noon()) {
		t.Errorf("the same again: %v, since %s", again, r.Creation.Failure.Since)
	}
}

// An account with the root address is adopted only when AWS has created it since it was asked: addresses are unique at AWS.
func TestWhichAccountIsOurs(t *testing.T) {
	r := in(t, Creating)
	for _, c := range []struct {
		created bool
		joined  int // hours after the call
		want    bool
	}{{true, 0, true}, {true, 1, true}, {true, -1, false}, {false, 1, false}} {
		if got := r.Ours(c.created, noon().Add(time.Duration(c.joined)*hour)); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
	if in(t, Approved).Ours(true, noon()) {
		t.Error("ours before AWS was asked")
	}
}

func TestTheCreationIsLookedAt(t *testing.T) {
	r := in(t, Creating)
	if CreateWanted(r) != nil || len(CheckWanted(r)) != 1 {
		t.Fatalf("wanted %v and %v", CreateWanted(r), CheckWanted(r))
	}
	_, _ = r.CreationSeen(noon().Add(10 * hour))
	if at := CheckWanted(r)[0].At; !at.Equal(noon().Add(11 * hour)) {
		t.Errorf("looked at again at %s", at)
	}
	_, _ = r.CreationLost()
	if CheckWanted(r) != nil || CreateWanted(r)[0].At != intent.Immediately {
		t.Error("a creation that was another's is not asked for again")
	}
}

func TestAnAccountThatStandsAlone(t *testing.T) {
	r := in(t, Approved, func(a *Asked) { a.Placement = StandAlone })
	if CreateWanted(r) != nil || r.Waiting().Owner != process.Reseller {
		t.Errorf("AWS is asked for it, or it waits for %+v", r.Waiting())
	}
	for _, c := range []struct{ account, evidence, reason string }{
		{"12", "Seen.", "ACCOUNT_ID_INVALID"}, {account, "", ReasonEvidenceRequired}, {account, "Seen.", ""},
	} {
		if _, err := r.Record(c.account, c.evidence, noon()); errs.ReasonOf(err) != c.reason {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if r.State != FollowUp || r.AccountID != account || r.Creation.Evidence == "" {
		t.Errorf("it is %+v", r)
	}
}

func TestMailbox(t *testing.T) {
	for _, c := range []struct {
		address   string
		confirmed bool
		reason    string
	}{
		{"root@example.com", true, ""},
		{" root@example.com ", true, ""},
		{"root@example.com", false, ReasonMailboxNotConfirmed},
		{"root@localhost", true, ReasonRootEmailInvalid},
		{"a..b@example.com", true, ReasonRootEmailInvalid},
		{"root.@example.com", true, ReasonRootEmailInvalid},
		{"a@b.c", true, ReasonRootEmailInvalid},
	} {
		m, err := NewMailbox(Mailbox{ID: "mbx_1", Address: c.address}, c.confirmed)
		if errs.ReasonOf(err) != c.reason || err == nil && m.Key() != "root@example.com" {
			t.Errorf("%+v: %v, %v", c, m, err)
		}
	}
	m := &Mailbox{ID: "mbx_1", Address: "Root@Example.com", Held: true}
	if _, _ = m.Erase(); m.Address != "" || m.Key() != "" || !m.Erased {
		t.Errorf("erased, it is %+v", m)
	}
}

func TestProfile(t *testing.T) {
	for name, change := range map[string]func(*Profile, *Asked){
		ReasonProviderNotSetUp + " currency":  func(p *Profile, _ *Asked) { p.CurrencyCode = "" },
		ReasonProviderNotSetUp + " pricebook": func(p *Profile, _ *Asked) { p.PricebookID = "" },
		ReasonProviderNotSetUp + " portal":    func(p *Profile, _ *Asked) { p.PortalEnabled = false },
		ReasonContactUnknown + " contact":     func(_ *Profile, a *Asked) { a.ContactID = "per_2" },
		ReasonContactUnknown + " root owner":  func(_ *Profile, a *Asked) { a.RootOwnerID = "per_2" },
	} {
		p, a := profile(), asked()
		change(&p, &a)
		_, _, err := New(a, p, regions(), noon())
		if got := errs.ReasonOf(err); got == "" || name[:len(got)] != got {
			t.Errorf("%s: %v", name, err)
		}
	}
}
