package accountrequest

import (
	"strconv"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// The effects by which the account is created, by name.
const (
	EffectCreate = "create-account"
	LookCreation = "check-creation"
)

// Creation is the creation of the account at AWS.
type Creation struct {
	AWSRequestID string    `json:"aws_request_id,omitempty"` // car-…; empty: AWS has none of ours, or it is not known
	Found        bool      `json:"found,omitempty"`          // by the account's name, which another request may have, too
	Attempts     int       `json:"attempts,omitempty"`
	FirstAt      time.Time `json:"first_at,omitzero"` // when AWS was first asked
	AskedAt      time.Time `json:"asked_at,omitzero"` // and last
	CheckedAt    time.Time `json:"checked_at,omitzero"`
	Failure      *Failure  `json:"failure,omitempty"`  // what AWS said last; nil: nothing against it
	Again        bool      `json:"again,omitempty"`    // AWS is asked again, and has not said whether Failure is still so
	JoinedAt     time.Time `json:"joined_at,omitzero"` // when the account was created
	Evidence     string    `json:"evidence,omitempty"` // of an account that was signed up by hand
}

// CreateWanted is when AWS is asked for the account.
func CreateWanted(r *Request) []intent.Want {
	c := &r.Creation
	switch {
	case r.Placement != Member:
	case r.State == Approved, r.State == Creating && c.AWSRequestID == "" && (c.Failure == nil || c.Again):
		return intent.Now()
	case r.State == Creating && !c.Again && c.Failure != nil && !c.Failure.RetryAt.IsZero():
		return intent.At(c.Failure.RetryAt)
	}
	return nil
}

// Create notes, before the call, that AWS is asked. What it said before stays until it says something else: whom it waits for has
// not changed, and nobody is told twice.
func (r *Request) Create(now time.Time) ([]fact.Fact, error) {
	c := &r.Creation
	c.Attempts, c.AskedAt, c.AWSRequestID, c.Found, c.Again = c.Attempts+1, now, "", false, c.Failure != nil
	if c.FirstAt.IsZero() {
		c.FirstAt = now
	}
	if r.State != Creating {
		r.become(Creating, now)
	}
	return []fact.Fact{fact.Internally(tell(FactCreationRequested, "attempt", strconv.Itoa(c.Attempts)))}, nil
}

// CreationAsked notes that AWS has the request for the account.
func (r *Request) CreationAsked(awsRequestID string, now time.Time) ([]fact.Fact, error) {
	if r.State == Creating {
		r.Creation.AWSRequestID, r.Creation.CheckedAt = awsRequestID, time.Time{}
	}
	return nil, nil
}

// CreationFound notes a creation under way that is this request's by its name. Only an account that has the address says that it is.
func (r *Request) CreationFound(awsRequestID string, now time.Time) ([]fact.Fact, error) {
	r.Creation.Found = r.State == Creating
	return r.CreationAsked(awsRequestID, now)
}

// The beat at which AWS is asked whether the account is there. It takes minutes, as a rule.
const (
	shortestBeat = time.Minute
	longestBeat  = time.Hour
)

// CheckWanted is when AWS is asked how the creation stands.
func CheckWanted(r *Request) []intent.Want {
	c := &r.Creation
	switch {
	case r.State != Creating || c.AWSRequestID == "" || c.Failure != nil && !c.Again:
		return nil
	case c.CheckedAt.IsZero():
		return intent.Now()
	}
	return intent.At(c.CheckedAt.Add(min(max(c.CheckedAt.Sub(c.AskedAt)/8, shortestBeat), longestBeat)))
}

// CreationSeen notes that AWS is still at it.
func (r *Request) CreationSeen(now time.Time) ([]fact.Fact, error) {
	r.Creation.CheckedAt = now
	return nil, nil
}

// CreationLost notes that what AWS created, or did not, is not this account: another request had its name. It is asked again.
func (r *Request) CreationLost() ([]fact.Fact, error) {
	if r.State == Creating {
		r.Creation.AWSRequestID, r.Creation.Found = "", false
	}
	return nil, nil
}

// early is how much earlier than we asked AWS may say that an account joined: clocks differ.
const early = 5 * time.Minute

// Ours reports whether an account of the payer's organization that has the root address came about by this request: AWS created
// it since it was first asked. Addresses are unique at AWS.
func (r *Request) Ours(createdByAWS bool, joined time.Time) bool {
	return createdByAWS && !r.Creation.FirstAt.IsZero() && !joined.Before(r.Creation.FirstAt.Add(-early))
}

// Created notes that the account is there. It begins without a support plan; what asked for none needs no change (XFR-NA-21).
func (r *Request) Created(accountID string, joined, now time.Time) ([]fact.Fact, error) {
	if r.AccountID != "" || r.State != Creating && r.State != Approved {
		return nil, nil
	}
	r.AccountID, r.PlanNow = accountID, BasicNone
	r.Creation.JoinedAt, r.Creation.Failure, r.Creation.Again = joined, nil, false
	r.become(FollowUp, now)
	return []fact.Fact{tell(FactAccountCreated, "account_id", accountID)}, nil
}

// Record notes the account that Operations signed up by hand. Refused with STATE_REFUSES, EVIDENCE_REQUIRED and ACCOUNT_ID_INVALID.
func (r *Request) Record(accountID, evidence string, now time.Time) ([]fact.Fact, error) {
	switch {
	case r.State != Approved || r.Placement != StandAlone:
		return nil, r.refuses("given an account by hand")
	case !process.ValidAccountID(accountID):
		return nil, process.AccountIDInvalid()
	case evidence == "":
		return nil, evidenceRequired()
	}
	r.Creation.Evidence = evidence
	return r.Created(accountID, now, now)
}

func evidenceRequired() error {
	return errs.InvalidField("evidence", ReasonEvidenceRequired, "say what proves it").WithRemedy(operatorMends("remedy.evidence"))
}

// Retry has AWS asked again: what kept it is mended.
func (r *Request) Retry() ([]fact.Fact, error) {
	if r.State != Creating || r.Creation.Failure == nil || r.Creation.Again {
		return nil, r.refuses("asked for again")
	}
	r.Creation.Failure.RetryAt = intent.Immediately
	return []fact.Fact{fact.Internally(tell(FactCreationRetried))}, nil
}
