package connection

import (
	"testing"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/process"
)

func found(id, name string, s InvitationState) *Found {
	return &Found{Answer: answer(id), Name: name, Status: s, ARN: "arn:aws:organizations::1:transfer/" + id}
}

func TestLostAnswer(t *testing.T) {
	t.Run("nothing else is asked before it is looked up", func(t *testing.T) {
		c := asked(t)
		if c.Outstanding() == nil || len(InviteWanted(c)) != 0 || len(CheckInvitationWanted(c)) != 0 {
			t.Fatalf("got %+v, %+v", InviteWanted(c), CheckInvitationWanted(c))
		}
	})
	t.Run("AWS has it: it is taken over", func(t *testing.T) {
		c := asked(t)
		heard(c, "1")
		told(t, LookedUp(c, "1", found("rt-1", "trf_1-1", Requested), now()), FactInvitationRequested)
		if inv := c.Current(); inv.State != Requested || inv.AWSHandshakeID != "h-rt-1" || inv.AWSTransferARN == "" {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("AWS has it and the customer has accepted it meanwhile", func(t *testing.T) {
		c := asked(t)
		heard(c, "1")
		told(t, LookedUp(c, "1", found("rt-1", "trf_1-1", Accepted), now()), FactInvitationRequested, FactEffective)
		if c.State != Effective || c.TransferARN() == "" {
			t.Fatal(dump(t, c))
		}
	})
	t.Run("AWS has it and it was accepted and withdrawn meanwhile", func(t *testing.T) {
		c, f := asked(t), found("rt-1", "trf_1-1", Withdrawn)
		f.EndsAt = at("2027-01-01")
		heard(c, "1")
		told(t, LookedUp(c, "1", f, now()), FactInvitationRequested, FactEffective, FactEnding)
		if c.State != Ending || !c.EndAt.Equal(f.EndsAt) || c.EndReason != WithdrawnInAWS {
			t.Fatal(dump(t, c))
		}
	})
	for name, found := range map[string]*Found{
		"none": nil, "somebody else's": found("rt-7", "trf_9-1", Requested), "an old one that is over": found("rt-7", "trf_1-9", Expired),
	} {
		t.Run("AWS has "+name+": it goes out again under another name", func(t *testing.T) {
			c := asked(t)
			heard(c, "1")
			told(t, LookedUp(c, "1", found, now()), FactInvitationPrepared)
			attempt, _ := ask(t, c, now())
			if inv := c.Current(); attempt != "2" || inv.Attempt != 2 || inv.Name != "trf_1-2" || len(c.Invitations) != 1 {
				t.Fatalf("got %+v", inv)
			}
		})
	}
	t.Run("the first request arrives after all: it is taken over under the name it has", func(t *testing.T) {
		late := found("rt-1", "trf_1-1", Requested)
		for name, settle := range map[string]func(*Connection) []fact.Fact{
			"found when the second is refused": func(c *Connection) []fact.Fact { return Duplicated(c, "2", late, now()) },
			"found when the second is lost":    func(c *Connection) []fact.Fact { return LookedUp(c, "2", late, now()) },
		} {
			c := asked(t)
			heard(c, "1")
			LookedUp(c, "1", nil, now())
			ask(t, c, now())
			heard(c, "2")
			told(t, settle(c), FactInvitationRequested)
			if inv := c.Current(); inv.State != Requested || inv.AWSTransferID != "rt-1" || inv.Name != "trf_1-1" || len(c.Invitations) != 1 {
				t.Fatalf("%s: got %+v", name, inv)
			}
		}
	})
	t.Run("only the newest names are kept", func(t *testing.T) {
		c := fresh(t)
		for range 3 * kept {
			attempt, _ := ask(t, c, now())
			heard(c, attempt)
			LookedUp(c, attempt, nil, now())
		}
		inv := c.Current()
		if len(inv.EarlierNames) != kept || inv.EarlierNames[kept-1] != "trf_1-"+number(3*kept) || len(c.Invitations) != 1 {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("what surely was not sent goes out again as it was", func(t *testing.T) {
		c := asked(t)
		c.Intents["invite/1"].Asked = false
		attempt, facts := ask(t, c, now())
		if facts != nil || attempt != "1" || len(c.Invitations) != 1 || c.Current().Name != "trf_1-1" {
			t.Fatalf("got %v, %+v", names(facts), c.Current())
		}
	})
	t.Run("found out too late for its start, it goes out for the next", func(t *testing.T) {
		c, late := asked(t), at("2026-11-30T00:00:00Z")
		heard(c, "1")
		LookedUp(c, "1", nil, late)
		_, facts := ask(t, c, late)
		told(t, facts, FactInvitationPrepared, FactStartPostponed)
		if inv := c.Current(); !inv.StartAt.Equal(at("2027-01-01")) || !inv.AcceptBy.Equal(at("2026-12-30T23:59:59Z")) {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("while the journey ends, nothing that was found is the end, and one that was found is cancelled", func(t *testing.T) {
		c := asked(t)
		if facts := c.Stop(now()); facts != nil || c.State != Proposed {
			t.Fatalf("ended although AWS may have an invitation: %v", names(facts))
		}
		gone := clone(t, c)
		heard(gone, "1")
		told(t, LookedUp(gone, "1", nil, now()), FactEnded)
		if len(gone.Invitations) != 0 {
			t.Errorf("left is %+v", gone.Invitations)
		}
		heard(c, "1")
		told(t, LookedUp(c, "1", found("rt-1", "trf_1-1", Requested), now()), FactInvitationRequested)
		if wants := CancelInvitationWanted(c); len(wants) != 1 || wants[0].Subject != "1" || !due(wants, now()) {
			t.Errorf("got %+v", wants)
		}
	})
}

func TestDuplicated(t *testing.T) {
	t.Run("XFR-BT-17 our own invitation is taken over", func(t *testing.T) {
		c := asked(t)
		heard(c, "1")
		told(t, Duplicated(c, "1", found("rt-1", "trf_1-1", Requested), now()), FactInvitationRequested)
		if c.Current().State != Requested || len(c.Invitations) != 1 {
			t.Fatal(dump(t, c))
		}
	})
	for name, found := range map[string]*Found{"somebody else's": found("rt-7", "trf_9-1", Requested), "one that AWS does not show": nil} {
		t.Run("XFR-BT-17 XFR-BT-18 Operations must end "+name, func(t *testing.T) {
			c := asked(t)
			heard(c, "1")
			told(t, Duplicated(c, "1", found, now()), FactInvitationRefused)
			if r := sendReport(c); r.Blocked.Owner != process.Reseller || r.Blocked.Text.IsZero() ||
				c.Current().Error.Reason != DuplicateInvitation {
				t.Fatalf("got %+v", r)
			}
		})
	}
	again := func(t *testing.T) *Connection {
		t.Helper()
		c := invited(t)
		c.Observe(saw(Canceled), now()) // AWS said so
		c.Retry(InvitationSent)
		ask(t, c, now())
		heard(c, "2")
		return c
	}
	t.Run("XFR-BT-17 an earlier one of ours is cancelled first", func(t *testing.T) {
		c := again(t)
		facts := Duplicated(c, "2", found("rt-1", "trf_1-1", Requested), now())
		told(t, facts, FactInvitationRequested)
		if facts[0].Audience != "OPERATOR" || facts[0].Text != "connection.earlier_invitation" {
			t.Errorf("told is %+v", facts[0])
		}
		if wants := CancelInvitationWanted(c); len(wants) != 1 || wants[0].Subject != "1" || len(InviteWanted(c)) != 0 {
			t.Fatalf("got %+v, %+v", wants, InviteWanted(c))
		}
		told(t, CancelSent(c, "1", saw(Canceled), now()), FactInvitationCanceled)
		if attempt, _ := ask(t, c, now()); attempt != "2" || len(c.Invitations) != 2 {
			t.Fatalf("got %s, %+v", attempt, c.Current())
		}
	})
	t.Run("what is over cannot be cancelled", func(t *testing.T) {
		c := again(t)
		told(t, Duplicated(c, "2", found("rt-1", "trf_1-1", Expired), now()), FactInvitationRefused)
		if c.Outstanding() != nil || sendReport(c).Blocked.Owner != process.Reseller {
			t.Fatal(dump(t, c))
		}
	})
}

func TestNamedBy(t *testing.T) {
	for name, want := range map[string]string{"trf_1-12": "trf_1", "trf_1": "trf_1", "somebody else's": "somebody else's", "": ""} {
		if got := NamedBy(name); got != want {
			t.Errorf("%q: got %q", name, got)
		}
	}
}
