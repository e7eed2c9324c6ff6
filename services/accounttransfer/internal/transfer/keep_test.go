package transfer

import "testing"

// TestKeepAfterTermIsGone: what binds the customer no longer is asked for again, by a decision of Operations.
func TestKeepAfterTermIsGone(t *testing.T) {
	for name, gone := range map[string]func(*testing.T) *Transfer{
		"taken back": func(t *testing.T) *Transfer {
			t.Helper()
			tr := late(t, proposed(t))
			must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
			must(t)(tr.TermCancelSent(now()))
			must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1", Status: TermCanceled}, now()))
			return tr
		},
		"ended by the customer's consent": func(t *testing.T) *Transfer {
			t.Helper()
			tr := questioned(t)
			must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
			revoke(t, tr, now())
			return tr
		},
	} {
		t.Run(name, func(t *testing.T) {
			tr := gone(t)
			must(t)(tr.PrepareWithdrawal(now()))
			must(t)(tr.WithdrawalRefused("ACCESS_DENIED", now()))
			must(t)(tr.RecordDecision(keeping(), operator(), now()))
			if s := step(t, tr, "send-service-term"); s.State != Broken || s.Failure.Code != CodeTermRefused {
				t.Fatalf("got %+v", s)
			}
			if accept, roles := step(t, tr, "accept-service-term"), step(t, tr, "deploy-roles"); accept.State != Pending || roles.State != Pending {
				t.Fatalf("the customer is asked for %+v, %+v", accept, roles)
			}
			must(t)(tr.RetryStep("send-service-term", operator(), now()))
			create(t, tr, TermSent, now())
			if tr.pending() == nil || step(t, tr, "accept-service-term").State != Open {
				t.Errorf("got %+v", tr.Term())
			}
		})
	}
}

// TestKeepWhileRevoking: Operations changes its mind before the customer has agreed to the end of the service term.
func TestKeepWhileRevoking(t *testing.T) {
	revoking := func(t *testing.T) *Transfer {
		t.Helper()
		tr := questioned(t)
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		must(t)(tr.IntendRevocation())
		must(t)(tr.RevocationSent("ch-9", now()))
		wantNames(t, must(t)(tr.RecordDecision(keeping(), operator(), now())), FactDecisionRecorded)
		if a := NextAction(tr, now()); tr.State != WaitingDecision || a.Kind != CancelRevocation || tr.Waiting().Owner != AWS {
			t.Fatalf("got %s %+v", tr.State, a)
		}
		_, err := tr.RecordDecision(withdrawal(), operator(), now())
		refused(t, err, ReasonStateRefuses)
		must(t)(tr.RevocationCancelSent(now()))
		return tr
	}
	t.Run("it goes on once AWS has taken the handshake back", func(t *testing.T) {
		tr := revoking(t)
		must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermCanceled}, now()))
		if tr.State != InProgress || tr.Ending != nil || step(t, tr, "deploy-roles").State != Open || !tr.Decision.EscalateAt.IsZero() {
			t.Errorf("got %s, %+v", tr.State, tr.Decision)
		}
	})
	t.Run("the customer was faster: another term must be sent", func(t *testing.T) {
		tr := revoking(t)
		must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermAgreed}, now()))
		if tr.State != InProgress || step(t, tr, "send-service-term").State != Broken {
			t.Errorf("got %s", tr.State)
		}
	})
	t.Run("AWS does not take it back: Operations decides again", func(t *testing.T) {
		tr := revoking(t)
		wantNames(t, must(t)(tr.RevocationCancelRefused(now())), FactDecisionAwaited)
		must(t)(tr.RecordDecision(keeping(), operator(), now()))
		if a := NextAction(tr, now()); a.Kind != CancelRevocation {
			t.Errorf("got %+v", a)
		}
	})
}
