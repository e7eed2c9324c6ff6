package wire

import (
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// BatchResult is what came of an entry of a batch, with the refusal as its caller may read it; nil: there was none.
func BatchResult(index int, refusal error) *typev1.BatchResult {
	out := &typev1.BatchResult{Index: int32(index)}
	e, ok := errs.As(refusal)
	if !ok {
		return out
	}
	out.Code, out.Reason, out.Message, out.Metadata = int32(status.Code(refusal)), e.Reason, e.Message, e.Meta
	for _, f := range e.Fields {
		out.Violations = append(out.Violations, &typev1.FieldViolation{Field: f.Path, Reason: f.Reason, Message: f.Message})
	}
	if r := e.Remedy; r != nil {
		out.MustAct = Acting(r.Who)
		out.What, out.Where = text.Bare{}.Instruct(r.Text) // as it was said for the reader
		out.UntilTime = Time(r.Until)
	}
	return out
}

// Acting is the side that whoever can mend a refusal is on: a partner acts for its customer.
func Acting(who string) typev1.Party {
	switch who {
	case "OPERATOR":
		return typev1.Party_PARTY_RESELLER
	case "PARTNER":
		return typev1.Party_PARTY_CUSTOMER
	}
	return Value[typev1.Party](who)
}
