package main

import (
	"context"
	"slices"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// list reads what Operations is shown, and wants each of it to say who must do what.
func (j *verdict) list(ctx context.Context) error {
	j.listed = map[string]bool{}
	return j.actions(ctx, func(a *typev1.Action) {
		j.rests(a.GetResourceId(), a.GetKind().String(), a.GetWaiting())
		j.listed[a.GetTransferId()], j.listed[a.GetResourceId()] = true, true
	})
}

// unfiled is how long a case may have no record in ServiceNow.
const unfiled = 24 * time.Hour

// cases reads what there is a case of, and wants people in ServiceNow to see each.
func (j *verdict) cases(ctx context.Context) error {
	j.open = map[string]bool{}
	return every(j.has, func(token string) ([]*supportv1.Case, string, error) {
		resp, err := j.operator.Cases.ListCases(j.operator.In(ctx), &supportv1.ListCasesRequest{
			States: []supportv1.CaseState{
				supportv1.CaseState_CASE_STATE_NEW, supportv1.CaseState_CASE_STATE_OPEN,
				supportv1.CaseState_CASE_STATE_AWAITING_CUSTOMER, supportv1.CaseState_CASE_STATE_AWAITING_AWS,
			},
			PageSize: page, PageToken: token,
		})
		return resp.GetCases(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) has(c *supportv1.Case) {
	j.open[c.GetSubjectId()] = true // a customer's other cases are about something else
	j.filed(c)
}

func (j *verdict) filed(c *supportv1.Case) {
	if c.GetRecord().GetNumber() == "" && c.GetCreateTime().AsTime().Add(unfiled).Before(j.now) {
		j.add("%s has had no record in ServiceNow since %s: %s", c.GetCaseId(), c.GetCreateTime().AsTime().Format(time.RFC3339), c.GetTitle())
	}
}

// told wants Operations to have a case of what takes longer than planned, and to be shown it. The case is about the thing itself, or
// about what shows the same wait; the list has it by itself or by its transfer.
func (j *verdict) told(id, transferID string, w *typev1.Waiting, shownBy ...string) {
	if !w.GetEscalated() {
		return
	}
	about := append(shownBy, id, transferID)
	if !slices.ContainsFunc(about, func(one string) bool { return one != "" && j.open[one] }) {
		j.add("%s has taken longer than planned, and nobody has a case of it: %s", id, w.GetWhat())
	}
	if !j.listed[id] && (transferID == "" || !j.listed[transferID]) {
		j.add("%s has taken longer than planned, and Operations is not shown it: %s", id, w.GetWhat())
	}
}

// swept is how old a payer's newest sweep may be before Operations is to be shown the payer: it is daily.
const swept = 27 * time.Hour

// payers wants each to be compared with AWS, or Operations to be shown that it is not.
func (j *verdict) payers(ctx context.Context) error {
	return every(j.payer, func(token string) ([]*accounttransferv1.Payer, string, error) {
		resp, err := j.operator.Payers.ListPayers(j.operator.In(ctx), &accounttransferv1.ListPayersRequest{PageSize: page, PageToken: token})
		return resp.GetPayers(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) payer(one *accounttransferv1.Payer) {
	compared := one.GetSweepTime().AsTime()
	if one.GetSweepTime() == nil {
		compared = one.GetCreateTime().AsTime()
	}
	late := one.GetState() != accounttransferv1.PayerState_PAYER_STATE_CLOSED && compared.Add(swept).Before(j.now)
	if late && !j.listed[one.GetPayerId()] {
		j.add("%s was compared with AWS last at %s, and Operations is not shown it", one.GetPayerId(), compared.Format(time.RFC3339))
	}
}
