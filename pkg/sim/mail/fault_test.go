package mail_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
)

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault   fault.Fault
		refused int // the code of the refusal
		lost    bool
		mails   int
	}{
		"throttled before":     {fault: fault.Fault{Operation: "MAIL", Kind: fault.Throttle}, refused: 451},
		"throttled after":      {fault: fault.Fault{Operation: "DATA", Kind: fault.Throttle}, refused: 451},
		"a failure":            {fault: fault.Fault{Operation: "DATA", Kind: fault.ServerError}, refused: 451},
		"the answer gets lost": {fault: fault.Fault{Operation: "DATA", Kind: fault.LostAnswer}, lost: true, mails: 1},
		"an early answer lost": {fault: fault.Fault{Operation: "MAIL", Kind: fault.LostAnswer}, lost: true},
		"reset before":         {fault: fault.Fault{Operation: "DATA", Kind: fault.Reset}, lost: true},
		"it arrives twice":     {fault: fault.Fault{Operation: "DATA", Kind: fault.Duplicate}, mails: 2},
		"it takes long":        {fault: fault.Fault{Operation: "DATA", Kind: fault.Slow, Delay: 30 * time.Millisecond}, mails: 1},
		"it is held back":      {fault: fault.Fault{Operation: "DATA", Kind: fault.Late, Delay: 30 * time.Millisecond}, mails: 1},
		"another's fault":      {fault: fault.Fault{Operation: "DATA", Account: "somebody", Kind: fault.Throttle}, mails: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c.fault.Service, c.fault.Times = mail.Service, 1
			r.fault(c.fault)
			begun := clock.Machine{}.Now()
			err := r.send(newMail(t, "anna@kunde.example", "Hello", ""))
			if (err != nil) != (c.lost || c.refused != 0) || refusedWith(err) != c.refused {
				t.Errorf("answered with %v", err)
			}
			if took := (clock.Machine{}).Now().Sub(begun); took < c.fault.Delay {
				t.Errorf("it took %v", took)
			}
			r.restart() // what was stored is on disk
			if n := len(r.inbox.List(mail.Query{})); n != c.mails {
				t.Errorf("%d mails, want %d", n, c.mails)
			}
		})
	}
}

func TestFaultIsOver(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Service: mail.Service, Kind: fault.Throttle, Times: 2})
	for _, want := range []int{451, 451, 0} {
		if code := refusedWith(r.send(newMail(t, "anna@kunde.example", "Hello", ""))); code != want {
			t.Errorf("code %d, want %d", code, want)
		}
	}
	if err := r.inbox.SetFault(fault.Fault{Service: "sts", Kind: fault.Throttle}); err == nil {
		t.Error("a fault of another simulator was set")
	}
	r.fault(fault.Fault{Kind: fault.Throttle})
	if n := len(r.inbox.Faults()); n != 1 {
		t.Errorf("%d faults", n)
	}
	r.inbox.ClearFaults()
	if err := r.send(newMail(t, "anna@kunde.example", "Hello", "")); err != nil {
		t.Error(err)
	}
}

// Close must not wait for a fault's delay, and a mail that comes through it afterwards is not stored.
func TestCloseEndsADelay(t *testing.T) {
	r := newRig(t)
	r.fault(fault.Fault{Operation: "MAIL", Kind: fault.Slow, Delay: time.Hour})
	sent := make(chan error, 1)
	go func() { sent <- r.send(newMail(t, "anna@kunde.example", "Hello", "")) }()
	for len(r.inbox.Calls(fault.CallQuery{})) == 0 {
		if err := (clock.Machine{}).Wait(t.Context(), time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	r.restart()
	if err := <-sent; err == nil {
		t.Error("the mail was taken")
	}
}
