package transfer

import "testing"

func TestSupportChannel(t *testing.T) {
	requested := func(t *testing.T) *Transfer {
		t.Helper()
		tr := agreed(t)
		must(t)(tr.IntendChannel("chn_1"))
		wantNames(t, must(t)(tr.ChannelRequested("chn_1")), FactChannelRequested)
		return tr
	}
	t.Run("it is asked for at once and then waited for", func(t *testing.T) {
		tr := requested(t)
		if tr.channelTimers() != nil {
			t.Fatal("asked for twice")
		}
		wantNames(t, must(t)(tr.ObserveChannel("chn_1", true, now())), FactChannelReady, FactStepCompleted)
		if facts := must(t)(tr.ObserveChannel("chn_1", true, now())); facts != nil {
			t.Fatalf("told twice: %v", names(facts))
		}
	})
	t.Run("its event may come before the answer", func(t *testing.T) {
		tr := agreed(t)
		must(t)(tr.IntendChannel("chn_1"))
		must(t)(tr.ObserveChannel("chn_1", true, now()))
		if facts := must(t)(tr.ChannelRequested("chn_1")); facts != nil || step(t, tr, "set-up-support-channel").State != Done {
			t.Fatalf("got %v", names(facts))
		}
	})
	t.Run("an intent that was saved keeps its id", func(t *testing.T) {
		tr := agreed(t)
		must(t)(tr.IntendChannel("chn_1"))
		must(t)(tr.IntendChannel("chn_2"))
		if tr.Channel.ID != "chn_1" {
			t.Fatalf("got %+v", tr.Channel)
		}
	})
	t.Run("failed, Operations asks for another one", func(t *testing.T) {
		tr := requested(t)
		wantNames(t, must(t)(tr.ObserveChannel("chn_1", false, now())), FactStepFailed)
		if s := step(t, tr, "set-up-support-channel"); s.Failure.Code != CodeChannelFailed || tr.channelTimers() != nil {
			t.Fatalf("got %+v", s)
		}
		must(t)(tr.RetryStep("set-up-support-channel", operator(), now()))
		must(t)(tr.IntendChannel("chn_2"))
		must(t)(tr.ObserveChannel("chn_1", true, now()))
		if tr.Channel.ID != "chn_2" || step(t, tr, "set-up-support-channel").State != Open {
			t.Fatalf("got %+v", tr.Channel)
		}
	})
	t.Run("without an order people must do it", func(t *testing.T) {
		tr := agreed(t)
		wantNames(t, must(t)(tr.NoChannel(now())), FactStepFailed)
		must(t)(tr.SkipStep("set-up-support-channel", "done by hand", operator(), now()))
	})
}

// TestJourneyUnderWay: a transfer that copied the steps of the first version, where people's word completed them, goes on
// with them.
func TestJourneyUnderWay(t *testing.T) {
	tpl := template(t, BillingTransferExisting)
	steps := tpl.Steps[:3]
	for _, key := range []string{"send-service-term", "accept-service-term", "deploy-roles", "set-up-support-channel", "finalize"} {
		steps = append(steps, TemplateStep{
			Key: key, Title: key, Owner: Reseller, CompletedBy: Manual, Skippable: key != "finalize", EscalateAfter: day,
			Requires: []string{steps[len(steps)-1].Key}, What: "Do it.", Where: "here",
		})
	}
	tr, _, err := New(Template{Key: tpl.Key, Version: 1, Kind: tpl.Kind, Policy: tpl.Policy, Steps: steps}, subject(), now())
	if err != nil {
		t.Fatal(err)
	}
	tr.SupportModel = ""
	for i := range tr.Steps {
		tr.Steps[i].ReminderTemplate = ""
	}
	must(t)(tr.Validated(now()))
	must(t)(tr.Prepare(now()))
	must(t)(tr.Answered(1, answer("rt-1"), now()))
	must(t)(tr.Observe(saw(Accepted), now()))
	for _, s := range tr.Steps[3:] {
		if done := (world{}).rest(t, tr, now()); done != nil {
			t.Fatalf("before %s the suite did %v", s.Key, done)
		}
		must(t)(tr.CompleteStep(s.Key, Word{}, operator(), now()))
	}
	if tr.State != Completed || !Next(tr).IsZero() {
		t.Fatalf("got %s", tr.State)
	}
}
