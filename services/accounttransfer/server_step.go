package accounttransfer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/evidence"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/process"
)

// CompleteStep also answers whether an account that is entered is in a transfer of somebody else; not as often as anybody
// likes.
func (s *transferServer) CompleteStep(
	ctx context.Context, req *accounttransferv1.CompleteStepRequest,
) (resp *accounttransferv1.CompleteStepResponse, err error) {
	if req.GetSourceAccountId() == "" {
		return s.completeStep(ctx, req)
	}
	err = s.accounts.Ask(ctx, req.GetTransferId(), req.GetValidateOnly(), connection.HeldByAnother, func() (err error) {
		resp, err = s.completeStep(ctx, req)
		return err
	})
	return resp, err
}

func (s *transferServer) completeStep(
	ctx context.Context, req *accounttransferv1.CompleteStepRequest,
) (*accounttransferv1.CompleteStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CompleteStepResponse, error) {
		st := process.Statement{
			Evidence: req.GetEvidence(), AccountID: accountid.Read(req.GetSourceAccountId()), PayerID: req.GetPayerId(),
			Accounts: readAccounts(req.GetAccountIds()), Attached: req.GetAttachmentIds(),
		}
		p, err := s.change(tx, req, func(t *journey.Transfer, _ *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := t.CompleteStep(req.GetStepKey(), st, tx.Call().Actor, now)
			if err == nil && st.AccountID != "" {
				err = s.accountFree(tx, st.AccountID, t.ConnectionID) // last: nobody learns of an account that it could not have entered
			}
			if err == nil {
				err = s.payerOf(tx, t, req.GetStepKey())
			}
			if err == nil {
				err = s.tables.prove(tx, st.Attached, func(a *evidence.Attachment) ([]fact.Fact, error) {
					return a.Use(t.ID, req.GetStepKey())
				})
			}
			return journey.Changes{Transfer: facts}, err
		}, s.tables.attachmentRows(st.Attached)...)
		return &accounttransferv1.CompleteStepResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

// payerOf notes the account of the payer that a step has named. One that is not there, is closed, another seller's, or another
// customer's own organization is refused.
func (s *transferServer) payerOf(tx *store.Tx, t *journey.Transfer, key string) error {
	done, err := t.Step(key)
	if err != nil || done.PayerID == "" {
		return err
	}
	row, err := s.tables.payers.GetTx(tx, payersBelongToNobody(), done.PayerID)
	switch {
	case errs.KindOf(err) == errs.NotFound, err == nil && row.Doc.SellerID != t.SellerID:
		return payer.Unknown(done.PayerID)
	case err != nil:
		return err
	}
	return cmp.Or(row.Doc.Serves(t.CustomerID), row.Doc.Open(), journey.EnterPayer(t, key, row.Doc.AccountID))
}

func (s *transferServer) ScheduleSession(
	ctx context.Context, req *accounttransferv1.ScheduleSessionRequest,
) (*accounttransferv1.ScheduleSessionResponse, error) {
	start, err := moment("start_time", req.GetStartTime())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ScheduleSessionResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, _ *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := journey.ScheduleSession(t, req.GetStepKey(), start, req.GetAttendeeIds(), tx.Call().Actor, now)
			if err == nil {
				err = s.tables.attend(tx, t.CustomerID, req.GetAttendeeIds())
			}
			return journey.Changes{Transfer: facts}, err
		})
		return &accounttransferv1.ScheduleSessionResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

// attend refuses persons that are not the customer's. The reseller's people are known by their tokens alone.
func (t *tables) attend(tx *store.Tx, customerID string, attendees []string) error {
	known, err := t.profiles.GetTx(tx, followsCustomers(), customerID)
	if errs.KindOf(err) == errs.NotFound {
		known.Doc, err = &accountrequest.Profile{}, nil
	}
	if err != nil {
		return err
	}
	for _, id := range attendees {
		if strings.HasPrefix(id, prefixPerson+"_") && !slices.Contains(known.Doc.PersonIDs, id) {
			return errs.InvalidField("attendee_ids", accountrequest.ReasonContactUnknown, "the customer has no person %q", id)
		}
	}
	return nil
}

// CorrectAccount answers about accounts of others as CompleteStep does, and as often.
func (s *transferServer) CorrectAccount(
	ctx context.Context, req *accounttransferv1.CorrectAccountRequest,
) (resp *accounttransferv1.CorrectAccountResponse, err error) {
	right := accountid.Read(req.GetSourceAccountId())
	correct := func(tx *store.Tx) (*accounttransferv1.CorrectAccountResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, _ time.Time) (journey.Changes, error) {
			made, err := journey.CorrectAccount(t, c, right, req.GetReason(), tx.Call().Actor)
			if err == nil {
				err = s.accountFree(tx, right, t.ConnectionID)
			}
			return made, err
		})
		return &accounttransferv1.CorrectAccountResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	}
	err = s.accounts.Ask(ctx, req.GetTransferId(), req.GetValidateOnly(), connection.HeldByAnother, func() (err error) {
		resp, err = store.Write(ctx, s.tables.db, req, correct)
		return err
	})
	return resp, err
}

func (s *transferServer) ReinviteLinkedAccount(
	ctx context.Context, req *accounttransferv1.ReinviteLinkedAccountRequest,
) (*accounttransferv1.ReinviteLinkedAccountResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ReinviteLinkedAccountResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			return journey.ReinviteLinked(t, c, req.GetAccountId(), now)
		})
		return &accounttransferv1.ReinviteLinkedAccountResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) RemoveLinkedAccount(
	ctx context.Context, req *accounttransferv1.RemoveLinkedAccountRequest,
) (*accounttransferv1.RemoveLinkedAccountResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RemoveLinkedAccountResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			return journey.RemoveLinked(t, c, req.GetAccountId(), req.GetReason(), now)
		})
		return &accounttransferv1.RemoveLinkedAccountResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

// CorrectLinkedAccount answers about accounts of others as CompleteStep does, and as often.
func (s *transferServer) CorrectLinkedAccount(
	ctx context.Context, req *accounttransferv1.CorrectLinkedAccountRequest,
) (resp *accounttransferv1.CorrectLinkedAccountResponse, err error) {
	right := accountid.Read(req.GetRightAccountId())
	correct := func(tx *store.Tx) (*accounttransferv1.CorrectLinkedAccountResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			made, err := journey.CorrectLinked(t, c, req.GetAccountId(), right, req.GetReason(), tx.Call().Actor, now)
			if err == nil {
				err = s.accountFree(tx, right, t.ConnectionID)
			}
			return made, err
		})
		return &accounttransferv1.CorrectLinkedAccountResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	}
	err = s.accounts.Ask(ctx, req.GetTransferId(), req.GetValidateOnly(), connection.HeldByAnother, func() (err error) {
		resp, err = store.Write(ctx, s.tables.db, req, correct)
		return err
	})
	return resp, err
}

func (s *transferServer) SkipStep(
	ctx context.Context, req *accounttransferv1.SkipStepRequest,
) (*accounttransferv1.SkipStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SkipStepResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, _ *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := t.SkipStep(req.GetStepKey(), req.GetReason(), tx.Call().Actor, now)
			return journey.Changes{Transfer: facts}, err
		})
		return &accounttransferv1.SkipStepResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) ReopenStep(
	ctx context.Context, req *accounttransferv1.ReopenStepRequest,
) (*accounttransferv1.ReopenStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ReopenStepResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := t.ReopenStep(c, req.GetStepKey(), req.GetReason(), tx.Call().Actor, now)
			return journey.Changes{Transfer: facts}, err
		})
		return &accounttransferv1.ReopenStepResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) RetryStep(
	ctx context.Context, req *accounttransferv1.RetryStepRequest,
) (*accounttransferv1.RetryStepResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RetryStepResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := t.RetryStep(c, req.GetStepKey(), tx.Call().Actor, now)
			return journey.Changes{Transfer: facts}, err
		})
		return &accounttransferv1.RetryStepResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}

func (s *transferServer) RecordDecision(
	ctx context.Context, req *accounttransferv1.RecordDecisionRequest,
) (*accounttransferv1.RecordDecisionResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RecordDecisionResponse, error) {
		p, err := s.change(tx, req, func(t *journey.Transfer, c *connection.Connection, now time.Time) (journey.Changes, error) {
			facts, err := t.Decide(c, journey.Answer{
				Outcome:       journey.Outcome(wire.Name(req.GetOutcome())),
				ChargesPaidBy: connection.ChargesPayer(wire.Name(req.GetChargesPaidBy())), Reason: req.GetReason(),
			}, tx.Call().Actor, now)
			return journey.Changes{Transfer: facts}, err
		})
		return &accounttransferv1.RecordDecisionResponse{Transfer: s.shown(ctx, tx.Call(), p)}, err
	})
}
