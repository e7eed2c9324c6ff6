package journey

import (
	"fmt"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// termed waits for the service term, for AWS's mail of it a quarter of an hour later, and accepts it as the customer.
func termed(l *Life) error {
	if err := l.AwaitStep("accept-service-term"); err != nil {
		return err
	}
	if err := checkContract(l, "PENDING"); err != nil {
		return err
	}
	before, err := mailsOfAWS(l)
	if err != nil {
		return err
	}
	if err := l.Pass(16 * time.Minute); err != nil {
		return err
	}
	after, err := mailsOfAWS(l)
	if err != nil {
		return err
	}
	if after != before+1 {
		return fmt.Errorf("AWS had sent %d mails, and 16 minutes later %d", before, after)
	}
	l.print("  AWS mailed the service term to the root address within 16 minutes")
	if err := l.AcceptTerm(); err != nil {
		return err
	}
	return checkContract(l, "ACCEPTED")
}

// AcceptTerm accepts the service term as the customer and presses "Process".
func (l *Life) AcceptTerm() error {
	if err := l.aws.AcceptTerm(l.ctx, l.accountID); err != nil {
		return fmt.Errorf("accept the service term at AWS: %w", err)
	}
	if err := l.process(); err != nil {
		return err
	}
	return l.AwaitStep("deploy-roles")
}

// mailsOfAWS counts what AWS has mailed to the root address.
func mailsOfAWS(l *Life) (int, error) {
	mails, err := l.mailbox.Mails(l.ctx, &sandboxv1.ListMailRequest{To: l.root})
	return len(mails), err
}

// checkContract counts what AWS holds: one billing group, one relationship, one service term.
func checkContract(l *Life, term string) error {
	c, err := l.aws.Contract(l.ctx, l.accountID)
	if err != nil {
		return err
	}
	if len(c.GetBillingGroups()) != 1 || len(c.GetRelationships()) != 1 || len(c.GetServiceTerms()) != 1 {
		return fmt.Errorf("AWS holds %v", c)
	}
	if status := c.GetServiceTerms()[0].GetStatus(); status != term {
		return fmt.Errorf("the service term is %s at AWS", status)
	}
	l.print("  at AWS: billing group %s, relationship %s, service term %s until %s", c.GetBillingGroups()[0].GetName(),
		c.GetRelationships()[0].GetRelationshipId(), term, c.GetServiceTerms()[0].GetEndTime().AsTime().Format("2006-01-02"))
	return nil
}

// roleEntered deploys the Bootstrap Role, badly at first.
func roleEntered(l *Life) error {
	if err := l.deploy(""); err != nil {
		return err
	}
	if err := roleIs(l, accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_UNSAFE); err != nil {
		return err
	}
	l.print("  a role that anybody could enter: refused as unsafe")
	if err := l.DeployRole(); err != nil {
		return err
	}
	return roleIs(l, accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
}

// DeployRole deploys the Bootstrap Role as the customer, with the external id that the transfer names, and presses
// "Process".
func (l *Life) DeployRole() error {
	t, err := l.transfer()
	if err != nil {
		return err
	}
	return l.deploy(t.GetConnection().GetRole().GetExternalId())
}

func (l *Life) deploy(externalID string) error {
	if err := l.aws.DeployRole(l.ctx, l.accountID, externalID); err != nil {
		return fmt.Errorf("deploy the role at AWS: %w", err)
	}
	return l.process()
}

func roleIs(l *Life, want accounttransferv1.BootstrapRoleState) error {
	t, err := l.transfer()
	if err != nil {
		return err
	}
	if got := t.GetConnection().GetRole().GetState(); got != want {
		return fmt.Errorf("the role is %s", got)
	}
	return nil
}

func (l *Life) transfer() (*accounttransferv1.Transfer, error) {
	return l.operator.Transfer(l.ctx, l.transferID)
}

// AwaitStep waits until the order says that a step is the next to be done.
func (l *Life) AwaitStep(key string) error {
	_, err := l.await(func(o *ordersv1.Order) bool { return o.GetWaiting().GetStepKey() == key })
	if err != nil {
		return fmt.Errorf("wait for %s: %w", key, err)
	}
	return nil
}
