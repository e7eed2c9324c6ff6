package accounttransfer

import (
	"context"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/evidence"
	"example.com/handover/services/accounttransfer/internal/process"
)

type consentServer struct {
	accounttransferv1.UnimplementedConsentServiceServer
	env    *kit.Env
	tables *tables
}

// shown is a consent as a caller may read it: what the reseller's people said is theirs.
func (s *consentServer) shown(ctx context.Context, r store.Row[consent.Consent]) *accounttransferv1.Consent {
	return toConsent(s.env.Words(ctx), r, call.From(ctx).Scope.All())
}

func (s *consentServer) GetConsent(
	ctx context.Context, req *accounttransferv1.GetConsentRequest,
) (*accounttransferv1.GetConsentResponse, error) {
	scope := call.From(ctx).Scope
	row, err := s.tables.consents.Get(ctx, scope, req.GetConsentId())
	if err != nil {
		return nil, err
	}
	resp := &accounttransferv1.GetConsentResponse{Consent: s.shown(ctx, row)}
	if p, _ := auth.From(ctx); p.Role == auth.SupportReader {
		return resp, nil // support finds its way by ids
	}
	for _, personID := range row.Doc.People() {
		person, err := s.tables.persons.Get(ctx, scope, personID)
		if err != nil {
			return nil, err
		}
		resp.Signatories = append(resp.Signatories, toSignatory(person))
	}
	return resp, nil
}

func (s *consentServer) ListConsents(
	ctx context.Context, req *accounttransferv1.ListConsentsRequest,
) (*accounttransferv1.ListConsentsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	q = wire.Filter(q, "transfer", req.GetTransferId())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	q, err := narrowed(ctx, req, q)
	if err != nil {
		return nil, err
	}
	page, err := s.tables.consents.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	each := func(r store.Row[consent.Consent]) *accounttransferv1.Consent { return s.shown(ctx, r) }
	return &accounttransferv1.ListConsentsResponse{Consents: wire.Rows(page.Rows, each), NextPageToken: page.Next}, nil
}

func (s *consentServer) UpdateConsent(
	ctx context.Context, req *accounttransferv1.UpdateConsentRequest,
) (*accounttransferv1.UpdateConsentResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.UpdateConsentResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			edit, fields, err := consentEdit(req.GetConsent(), req.GetUpdateMask())
			if err != nil {
				return nil, err
			}
			return k.Revise(edit, fields, tx.Call().Actor, now)
		})
		return &accounttransferv1.UpdateConsentResponse{Consent: s.shown(ctx, row)}, err
	})
}

// SetSignatory keeps the personal data in a row of its own, where it can be erased: that of somebody who was replaced before
// signing is.
func (s *consentServer) SetSignatory(
	ctx context.Context, req *accounttransferv1.SetSignatoryRequest,
) (*accounttransferv1.SetSignatoryResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SetSignatoryResponse, error) {
		scope, side := tx.Call().Scope, consent.Side(wire.Name(req.GetSide()))
		found, err := s.tables.consents.GetTx(tx, scope, req.GetConsentId())
		if err != nil {
			return nil, err
		}
		replaced := found.Doc.SignatoryOf(side)
		var locked []store.Locked
		if replaced != "" {
			locked = append(locked, s.tables.persons.Row(replaced))
		}
		given := fromSignatory(req.GetSignatory())
		given.ID = id.New(prefixPerson)
		set := func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			given.CustomerID, given.ConsentID, given.Side = k.CustomerID, k.ID, side
			if err := given.Complete(); err != nil {
				return nil, err
			}
			if k.SignatoryOf(side) != replaced {
				return nil, errs.New(errs.Conflict, "ETAG_MISMATCH", "somebody else was named at the same time")
			}
			return k.SetSignatory(side, given.ID, tx.Call().Actor, now)
		}
		row, err := s.tables.changeConsent(tx, scope, req.GetConsentId(), req.GetEtag(), set, locked...)
		if err != nil {
			return nil, err
		}
		if replaced != "" && !slices.Contains(row.Doc.People(), replaced) {
			if err := s.tables.erase(tx, replaced); err != nil {
				return nil, err
			}
		}
		_, err = s.tables.persons.Create(tx, given.ID, &given, fact.Fact{Name: consent.FactCreated, Private: true})
		return &accounttransferv1.SetSignatoryResponse{Consent: s.shown(ctx, row)}, err
	})
}

// erase blanks the row of a person who is locked.
func (t *tables) erase(tx *store.Tx, personID string) error {
	_, err := t.persons.Update(tx, tx.Call().Scope, personID, "", func(p *consent.Person) ([]fact.Fact, error) { return p.Erase(), nil })
	return err
}

func (s *consentServer) SubmitConsent(
	ctx context.Context, req *accounttransferv1.SubmitConsentRequest,
) (*accounttransferv1.SubmitConsentResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SubmitConsentResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			return k.Submit(req.GetEvidence(), req.GetAwsReference(), tx.Call().Actor, now)
		})
		return &accounttransferv1.SubmitConsentResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) RecordReview(
	ctx context.Context, req *accounttransferv1.RecordReviewRequest,
) (*accounttransferv1.RecordReviewResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RecordReviewResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			return k.Review(req.GetEvidence(), req.GetAwsReference(), tx.Call().Actor, now)
		})
		return &accounttransferv1.RecordReviewResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) RecordDecision(
	ctx context.Context, req *accounttransferv1.ConsentServiceRecordDecisionRequest,
) (*accounttransferv1.ConsentServiceRecordDecisionResponse, error) {
	decided, err := moment("decide_time", req.GetDecideTime())
	if err != nil {
		return nil, err
	}
	expires, err := moment("expire_time", req.GetExpireTime())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ConsentServiceRecordDecisionResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			return k.Decide(consent.Verdict{
				Outcome: consent.Outcome(wire.Name(req.GetOutcome())), At: decided, Reason: req.GetReason(),
				Owner: process.Party(wire.Name(req.GetAnsweredBy())), ExpiresAt: expires,
				Evidence: req.GetEvidence(), Reference: req.GetAwsReference(),
			}, tx.Call().Actor, now)
		})
		return &accounttransferv1.ConsentServiceRecordDecisionResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) SendAgreement(
	ctx context.Context, req *accounttransferv1.SendAgreementRequest,
) (*accounttransferv1.SendAgreementResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.SendAgreementResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			return k.SendAgreement(consent.Clauses{
				Scope: req.GetScope(), Fees: req.GetFees(), Warranties: req.GetWarranties(), Representations: req.GetRepresentations(),
			}, req.GetEvidence(), tx.Call().Actor, now)
		})
		return &accounttransferv1.SendAgreementResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) RecordExecution(
	ctx context.Context, req *accounttransferv1.RecordExecutionRequest,
) (*accounttransferv1.RecordExecutionResponse, error) {
	signed := map[consent.Side]time.Time{}
	for _, g := range req.GetSignatures() {
		at, err := moment("signatures", g.GetSignTime())
		if err != nil {
			return nil, err
		}
		if at.IsZero() {
			at = s.env.Business.Now()
		}
		signed[consent.Side(wire.Name(g.GetSide()))] = at
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.RecordExecutionResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			facts, err := k.Execute(signed, req.GetEvidence(), tx.Call().Actor, now, req.GetAttachmentIds()...)
			if err == nil {
				err = s.tables.prove(tx, req.GetAttachmentIds(), func(a *evidence.Attachment) ([]fact.Fact, error) {
					return a.Agree(k.TransferID)
				})
			}
			return facts, err
		}, s.tables.attachmentRows(req.GetAttachmentIds())...)
		return &accounttransferv1.RecordExecutionResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) ReopenConsent(
	ctx context.Context, req *accounttransferv1.ReopenConsentRequest,
) (*accounttransferv1.ReopenConsentResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.ReopenConsentResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			return k.Reopen(req.GetReason(), tx.Call().Actor, now)
		})
		return &accounttransferv1.ReopenConsentResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) CancelConsent(
	ctx context.Context, req *accounttransferv1.CancelConsentRequest,
) (*accounttransferv1.CancelConsentResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*accounttransferv1.CancelConsentResponse, error) {
		row, err := s.change(tx, req, func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			return k.Cancel(req.GetReason(), tx.Call().Actor, now)
		})
		return &accounttransferv1.CancelConsentResponse{Consent: s.shown(ctx, row)}, err
	})
}

func (s *consentServer) ErasePerson(
	ctx context.Context, req *accounttransferv1.ErasePersonRequest,
) (*accounttransferv1.ErasePersonResponse, error) {
	return store.Erase(ctx, s.tables.persons, req, func(tx *store.Tx) (*accounttransferv1.ErasePersonResponse, error) {
		scope := tx.Call().Scope
		found, err := s.tables.consents.GetTx(tx, scope, req.GetConsentId())
		if err != nil {
			return nil, err
		}
		files := found.Doc.Disposable()
		erased := func(k *consent.Consent, now time.Time) ([]fact.Fact, error) {
			person, err := s.tables.persons.GetForUpdate(tx, scope, req.GetPersonId())
			if errs.KindOf(err) == errs.NotFound {
				return nil, consent.PersonUnknown(req.GetPersonId())
			}
			if err != nil {
				return nil, err
			}
			if !slices.Equal(k.Disposable(), files) {
				return nil, errs.New(errs.Conflict, "ETAG_MISMATCH", "files were attached at the same time")
			}
			return k.ErasePerson(*person.Doc, req.GetReason(), now)
		}
		locked := append(s.tables.attachmentRows(files), s.tables.persons.Row(req.GetPersonId()))
		row, err := s.tables.changeConsent(tx, scope, req.GetConsentId(), req.GetEtag(), erased, locked...)
		if err != nil {
			return nil, err
		}
		if err := s.tables.eraseAttachments(tx, files, req.GetReason()); err != nil {
			return nil, err
		}
		return &accounttransferv1.ErasePersonResponse{Consent: s.shown(ctx, row)}, s.tables.erase(tx, req.GetPersonId())
	})
}

func (s *consentServer) WatchConsent(
	req *accounttransferv1.WatchConsentRequest, stream accounttransferv1.ConsentService_WatchConsentServer,
) error {
	ctx := stream.Context()
	return kit.Watch(ctx, s.env, s.tables.consents, req.GetConsentId(), req.GetAfterRevision(), (*consent.Consent).Ended,
		func(r store.Row[consent.Consent]) error {
			return stream.Send(&accounttransferv1.WatchConsentResponse{Consent: s.shown(ctx, r), Revision: r.Revision})
		})
}

// change decides within what the caller may see.
func (s *consentServer) change(
	tx *store.Tx, req interface {
		GetConsentId() string
		GetEtag() string
	}, change func(*consent.Consent, time.Time) ([]fact.Fact, error), more ...store.Locked,
) (store.Row[consent.Consent], error) {
	return s.tables.changeConsent(tx, tx.Call().Scope, req.GetConsentId(), req.GetEtag(), change, more...)
}

func consentEdit(c *accounttransferv1.Consent, mask *fieldmaskpb.FieldMask) (e consent.Edit, paths []string, err error) {
	paths, err = wire.Mask(mask, "requester", "preparer", "assignor.legal_name", "assignor.address", "assignee.party_id",
		"assignee.legal_name", "assignee.address", "proposed_terms", "answer")
	for _, path := range paths {
		switch path {
		case "requester":
			e.Requester = new(process.Party(wire.Name(c.GetRequester())))
		case "preparer":
			e.Preparer = new(process.Party(wire.Name(c.GetPreparer())))
		case "assignor.legal_name":
			e.AssignorName = new(c.GetAssignor().GetLegalName())
		case "assignor.address":
			e.AssignorWhere = new(c.GetAssignor().GetAddress())
		case "assignee.party_id":
			e.AssigneeID = new(c.GetAssignee().GetPartyId())
		case "assignee.legal_name":
			e.AssigneeName = new(c.GetAssignee().GetLegalName())
		case "assignee.address":
			e.AssigneeWhere = new(c.GetAssignee().GetAddress())
		case "proposed_terms":
			e.Terms = new(c.GetProposedTerms())
		case "answer":
			e.Answer = new(c.GetAnswer())
		}
	}
	return e, paths, err
}
