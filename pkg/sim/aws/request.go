package aws

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/uuid"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/wire"
)

const bodyMax = 1 << 20 // bytes; AWS's own limit for most services

// request is a request that has been understood as far as it can be.
type request struct {
	id        string
	arrived   time.Time // machine time
	name      string    // of the service
	service   service
	operation string
	caller    identity.Caller
	message   wire.Request
	refused   error // why it does not reach an operation; nil: it does
}

// receive reads a request. When not even its service is known, it is answered here.
func (s *Simulator) receive(w http.ResponseWriter, r *http.Request) (request, bool) {
	req := request{id: uuid.NewString(), arrived: s.machine.Now().Time()}
	scope, signed := wire.ScopeOf(r)
	svc, known := s.services[scope.Service]
	if !signed || !known {
		w.Header().Set("X-Amzn-Requestid", req.id)
		http.Error(w, fmt.Sprintf("the request is not signed for a service that is simulated: %q", scope.Service), http.StatusForbidden)
		return req, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, cmp.Or(svc.bodyMax, bodyMax)))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return req, false
	} else if err != nil {
		return req, false // the caller went away in the middle: AWS has seen nothing
	}
	req.name, req.service, req.message = scope.Service, svc, wire.NewRequest(r, body)
	req.operation = svc.protocol.Operation(req.message)
	req.caller, req.refused = s.identify(scope, r.Header.Get("X-Amz-Security-Token"), svc.codes)
	if _, ok := svc.methods[req.operation]; !ok && req.refused == nil {
		req.refused = refusal(svc.codes.unknownOperation, fmt.Sprintf("The operation %q is not simulated.", req.operation))
	}
	return req, true
}

// identify finds the account behind an access key.
func (s *Simulator) identify(scope wire.Scope, token string, c codes) (identity.Caller, error) {
	caller := identity.Caller{AccessKey: scope.AccessKey, Region: scope.Region}
	account, ok := s.keys.Holder(scope.AccessKey)
	if !ok {
		account, ok = identity.AccountOf(scope.AccessKey)
	}
	unknown := refusal(c.unknownKey, "The security token included in the request is invalid.")
	var owner state.Account
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		if found, exists := tx.Accounts.Get(account); exists {
			owner = found
		}
		return nil
	})
	if !ok || owner.ID == "" {
		return caller, unknown
	}
	caller.Account = owner.ID
	if !identity.IsTemporary(scope.AccessKey) {
		caller.ARN = fmt.Sprintf("arn:%s:iam::%s:user/handover", owner.Realm(), owner.ID)
		caller.UserID = "AIDA" + owner.ID
		return caller, nil
	}
	session, ok := identity.ParseToken(token)
	switch {
	case token == "":
		return caller, refusal(c.noCredentials, "The request must contain a session token.")
	case !ok || session.AccessKey != scope.AccessKey || session.Account != owner.ID:
		return caller, unknown
	case !s.machine.Now().Time().Before(session.Expires):
		return caller, refusal(c.expired, "The security token included in the request is expired")
	}
	caller.Session, caller.ARN, caller.UserID = true, session.ARN(string(owner.Realm())), session.UserID()
	return caller, nil
}

func refusal(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message, Fault: smithy.FaultClient}
}
