package aws_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

func (r *rig) terminate(viewer, id string, end *time.Time) (*types.ResponsibilityTransfer, error) {
	out, err := r.organizations(viewer).TerminateResponsibilityTransfer(r.t.Context(),
		&orgs.TerminateResponsibilityTransferInput{Id: &id, EndTimestamp: end})
	if err != nil {
		return nil, err
	}
	return out.ResponsibilityTransfer, nil
}

func endOf(year int, m time.Month) *time.Time {
	return aws.Time(time.Date(year, m+1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Millisecond))
}

func TestEndIsTheLastMillisecondOfThisMonthOrTheNext(t *testing.T) {
	r := newRig(t)
	_, transfer := r.agreed()
	r.at(time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC))
	for end, want := range map[time.Time]check{
		endOf(2027, 1).Add(time.Millisecond): invalid("END_DATE_NOT_END_OF_MONTH"),
		endOf(2027, 1).Add(-time.Second):     invalid("END_DATE_NOT_END_OF_MONTH"),
		*endOf(2026, 12):                     invalid("END_DATE_TOO_EARLY"),
		*endOf(2027, 3):                      invalid("END_DATE_TOO_LATE"),
	} {
		_, err := r.terminate(payer, transfer, &end)
		refused(t, err, want)
	}
	got, err := r.terminate(payer, transfer, endOf(2027, 2))
	if err != nil || got.Status != types.ResponsibilityTransferStatusWithdrawn {
		t.Fatalf("%+v, %v", got, err)
	}
	kept, err := r.sim.Transfer(transfer)
	if err != nil || !kept.EndsAt.Equal(*endOf(2027, 2)) {
		t.Errorf("ends at %s, %v", kept.EndsAt, err)
	}
	_, err = r.terminate(payer, transfer, endOf(2027, 1))
	refused(t, err, is[*types.ResponsibilityTransferAlreadyInStatusException])
}

func TestCustomerWithdrawsToTheEndOfTheMonth(t *testing.T) {
	r := newRig(t)
	customer, transfer := r.agreed()
	if _, err := r.terminate(customer, transfer, nil); err != nil {
		t.Fatal(err)
	}
	if got := r.transfer(payer, transfer); got.Status != types.ResponsibilityTransferStatusWithdrawn ||
		got.EndTimestamp.Truncate(time.Second) != endOf(2026, 11).Truncate(time.Second) {
		t.Errorf("%+v", got)
	}
}

func TestServicePeriodForbidsAnEarlierEnd(t *testing.T) {
	r := newRig(t)
	_, transfer := r.agreed()
	if err := r.sim.SetServicePeriod(t.Context(), transfer, *endOf(2027, 1)); err != nil {
		t.Fatal(err)
	}
	r.at(december.Add(time.Hour))
	_, err := r.terminate(payer, transfer, endOf(2026, 12))
	refused(t, err, invalid("INVALID_END_DATE"))
	if _, err := r.terminate(payer, transfer, endOf(2027, 1)); err != nil {
		t.Error(err)
	}
}

func TestOnlyAgreedTransfersEnd(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	_, transfer := r.invite(customer)
	_, err := r.terminate(payer, transfer, nil)
	refused(t, err, is[*types.InvalidResponsibilityTransferTransitionException])
	_, err = r.terminate(r.customer(), transfer, nil)
	refused(t, err, is[*types.ResponsibilityTransferNotFoundException])
	_, err = r.terminate(payer, "rt-1", nil)
	refused(t, err, invalid("INVALID_PATTERN"))
}

func TestTransferIsRenamedWhileItLives(t *testing.T) {
	r := newRig(t)
	_, transfer := r.agreed()
	rename := func(name string) error {
		_, err := r.organizations(payer).UpdateResponsibilityTransfer(t.Context(),
			&orgs.UpdateResponsibilityTransferInput{Id: &transfer, Name: &name})
		return err
	}
	if err := rename("new name"); err != nil {
		t.Fatal(err)
	}
	if name := *r.transfer(payer, transfer).Name; name != "new name" {
		t.Errorf("name is %q", name)
	}
	refused(t, rename(""), invalid("MIN_LENGTH_EXCEEDED"))
	if _, err := r.terminate(payer, transfer, nil); err != nil {
		t.Fatal(err)
	}
	refused(t, rename("late name"), constraint("TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED"))
}
