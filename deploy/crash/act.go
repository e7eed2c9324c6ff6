package main

import (
	"time"

	"example.com/handover/deploy/journey"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// thinking is how long the customer takes to answer an invitation, in business time: AWS is asked some times meanwhile.
const thinking = 30 * time.Minute

const day = 24 * time.Hour

func draft() act  { return act{"draft", (*journey.Life).Draft} }
func submit() act { return act{"submit", (*journey.Life).Submit} }

func send() act {
	return act{"send", func(l *journey.Life) error {
		_, err := l.Send()
		return err
	}}
}

func ledByPartner() act {
	return act{"led by partner", func(l *journey.Life) error {
		l.LedByPartner()
		return nil
	}}
}

func invited() act {
	return act{"invited", func(l *journey.Life) error {
		_, err := l.Invited()
		return err
	}}
}

// reminded is so long that at least one reminder is mailed.
func reminded() act { return passing("reminded", 3*day) }

func accepted() act {
	return act{"accepted", func(l *journey.Life) error {
		_, err := l.Accept(thinking)
		return err
	}}
}

func acceptedUnseen() act {
	return act{"accepted unseen", func(l *journey.Life) error {
		_, err := l.AcceptUnseen()
		return err
	}}
}

func declined() act {
	return act{"declined", func(l *journey.Life) error { return l.Decline(thinking) }}
}

func rejected() act { return act{"rejected", (*journey.Life).Reject} }
func failed() act   { return act{"failed", (*journey.Life).Fail} }

// decided is so long that AWS is asked again to end what it was not asked to end before a death.
func decided() act {
	return act{"decided", func(l *journey.Life) error {
		if err := l.Decide(); err != nil {
			return err
		}
		return l.Pass(time.Hour)
	}}
}

func termAccepted() act { return act{"term accepted", (*journey.Life).AcceptTerm} }
func roleDeployed() act { return act{"role deployed", (*journey.Life).DeployRole} }

// overdue is so long that the role should have been deployed.
func overdue() act { return passing("overdue", 5*day) }

func said() act {
	return act{"said", func(l *journey.Life) error { return l.CommentChannel("The customer has two sites.") }}
}

func heard() act {
	return act{"heard", func(l *journey.Life) error { return l.CommentInServiceNow("We are setting it up.") }}
}

func resolved() act { return act{"resolved", (*journey.Life).ResolveChannelHere} }

// lateInTheMonth lets the transfer take effect soon after it is agreed: days in which ServiceNow is asked for nothing new.
func lateInTheMonth() act { return noonOf("late in the month", 25) }

func live() act { return act{"live", (*journey.Life).Live} }

// month is a month with few charges of every kind, as many pages are the journey's, until its invoice is mailed. AWS is
// asked for it when it is collected, and once more when its bill is final.
func month(which string) []act {
	return []act{{which + " used", used}, noonOf(which+" collected", 4), noonOf(which+" invoiced", 5)}
}

func used(l *journey.Life) error {
	_, err := l.Use(
		&sandboxv1.UsageLine{Service: "Amazon Simple Storage Service", Amount: "120.004219"},
		&sandboxv1.UsageLine{Service: "Example Firewall", BillingEntity: "AWS Marketplace", Amount: "249.00"},
		&sandboxv1.UsageLine{Service: "Amazon Simple Storage Service", RecordType: "Solution Provider Program Discount", Amount: "-6.10"},
	)
	return err
}

func passing(name string, d time.Duration) act {
	return act{name, func(l *journey.Life) error { return l.Pass(d) }}
}

func noonOf(name string, day int) act {
	return act{name, func(l *journey.Life) error { return l.PassToNoon(day) }}
}
