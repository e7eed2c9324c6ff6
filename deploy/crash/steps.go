package main

import (
	"time"

	"example.com/handover/deploy/journey"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// thinking is how long the customer takes to answer an invitation, in business time: AWS is asked some times meanwhile.
const thinking = 30 * time.Minute

const day = 24 * time.Hour

func draft() step  { return step{"draft", (*journey.Life).Draft} }
func submit() step { return step{"submit", (*journey.Life).Submit} }

func send() step {
	return step{"send", (*journey.Life).Send}
}

func ledByPartner() step {
	return step{"led by partner", func(l *journey.Life) error {
		l.LedByPartner()
		return nil
	}}
}

func invited() step {
	return step{"invited", func(l *journey.Life) error {
		_, err := l.Invited()
		return err
	}}
}

// reminded is so long that at least one reminder is mailed.
func reminded() step { return passing("reminded", 3*day) }

func accepted() step {
	return step{"accepted", func(l *journey.Life) error {
		_, err := l.Accept(thinking)
		return err
	}}
}

func acceptedUnseen() step {
	return step{"accepted unseen", func(l *journey.Life) error {
		_, err := l.AcceptUnseen()
		return err
	}}
}

func declined() step {
	return step{"declined", func(l *journey.Life) error { return l.Decline(thinking) }}
}

func rejected() step { return step{"rejected", (*journey.Life).Reject} }
func failed() step   { return step{"failed", (*journey.Life).Fail} }

// decided is so long that AWS is asked again to end what it was not asked to end before a death.
func decided() step {
	return step{"decided", func(l *journey.Life) error {
		if err := l.Decide(); err != nil {
			return err
		}
		return l.Pass(time.Hour)
	}}
}

func termAccepted() step { return step{"term accepted", (*journey.Life).AcceptTerm} }
func roleDeployed() step { return step{"role deployed", (*journey.Life).DeployRole} }

// overdue is so long that the role should have been deployed.
func overdue() step { return passing("overdue", 5*day) }

func commentedHere() step {
	return step{"commented here", func(l *journey.Life) error { return l.CommentChannel("The customer has two sites.") }}
}

func commentedInServiceNow() step {
	return step{"commented in ServiceNow", func(l *journey.Life) error { return l.CommentInServiceNow("We are setting it up.") }}
}

func resolved() step { return step{"resolved", (*journey.Life).ResolveChannelHere} }

// lateInTheMonth lets the transfer take effect soon after it is agreed: days in which ServiceNow is asked for nothing new.
func lateInTheMonth() step { return noonOf("late in the month", 25) }

func live() step { return step{"live", (*journey.Life).Live} }

// month is a month with few charges of every kind, as many pages are the journey's, until its invoice is mailed. AWS is
// asked for it when it is collected, and once more when its bill is final.
func month(which string) []step {
	return []step{{which + " used", used}, noonOf(which+" collected", 4), noonOf(which+" invoiced", 5)}
}

func used(l *journey.Life) error {
	_, err := l.Use(
		&sandboxv1.UsageLine{Service: "Amazon Simple Storage Service", Amount: "120.004219"},
		&sandboxv1.UsageLine{Service: "Example Firewall", BillingEntity: "AWS Marketplace", Amount: "249.00"},
		&sandboxv1.UsageLine{Service: "Amazon Simple Storage Service", RecordType: "Solution Provider Program Discount", Amount: "-6.10"},
	)
	return err
}

func passing(name string, d time.Duration) step {
	return step{name, func(l *journey.Life) error { return l.Pass(d) }}
}

func noonOf(name string, day int) step {
	return step{name, func(l *journey.Life) error { return l.PassToNoon(day) }}
}
