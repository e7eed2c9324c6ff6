package scenarios_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestAccessMatrix calls every method of the contract as every kind of caller, with the ids of its own customer, of somebody
// else's, and of nothing. What must come of a call follows from the method's declaration alone.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	cells, pairs := map[string]int{}, 0
	actors.EachMethod(func(d protoreflect.MethodDescriptor, access *optionsv1.Access) {
		for _, c := range m.callers {
			answers := map[whose]reply{}
			for _, w := range idsOf(access) {
				answers[w] = m.call(t, d, access, c, w)
				want := expected(access, c, w)
				want.check(t, fmt.Sprintf("%s as %s with %s ids", d.FullName(), c.name, w), answers[w])
				cells[want.reason]++
			}
			if c.limited() {
				alike(t, fmt.Sprintf("%s as %s", d.FullName(), c.name), answers[foreignIDs], answers[missingIDs])
				pairs += m.callBeside(t, d, access, c)
			}
		}
	})
	total := 0
	for _, n := range cells {
		total += n
	}
	if pairs < 20 || cells[""] < 500 || cells["NOT_FOUND"] < 50 || cells["CUSTOMER_DENIED"] < 20 {
		t.Errorf("the matrix has become too small to prove something: %v", cells)
	}
	admitted := cells[""]
	delete(cells, "")
	t.Logf("%d calls of %d callers: %d admitted, refused %v; %d more with the id of something else, foreign and missing",
		total, len(m.callers), admitted, cells, 2*pairs)
}

// alike fails when somebody can tell what belongs to others from what does not exist.
func alike(t *testing.T, what string, foreign, missing reply) {
	t.Helper()
	if foreign.text != missing.text || foreign.leak {
		t.Errorf("%s: the answers for foreign and for missing ids differ:\n%s\n%s", what, foreign.text, missing.text)
	}
}

// callBeside calls with its own customer, and beside it with an id of something else that is foreign, then missing. It
// returns how many such fields the request has.
func (m *matrix) callBeside(t *testing.T, d protoreflect.MethodDescriptor, access *optionsv1.Access, c caller) (pairs int) {
	t.Helper()
	if expected(access, c, ownIDs).reason != "" {
		return 0
	}
	of := ownIDs
	if access.GetNone() {
		of = noIDs
	}
	for _, place := range m.places(d.Input(), access.GetField()+access.GetResource()) {
		var replies []reply
		for _, w := range []whose{foreignIDs, missingIDs} {
			request := m.request(t, d, access, of)
			m.put(request, place, w)
			replies = append(replies, m.send(t, d, request, c, w))
		}
		if replies[0].code == codes.AlreadyExists {
			continue // an id that the caller chooses for something new is given once, whoever has it
		}
		alike(t, fmt.Sprintf("%s as %s, %s", d.FullName(), c.name, place), replies[0], replies[1])
		pairs++
	}
	return pairs
}

// whose are the ids in a request.
type whose string

const (
	noIDs      whose = "no"
	ownIDs     whose = "its own"
	foreignIDs whose = "foreign"
	missingIDs whose = "missing"
)

func idsOf(access *optionsv1.Access) []whose {
	if access.GetNone() {
		return []whose{noIDs}
	}
	return []whose{ownIDs, foreignIDs, missingIDs}
}

// caller is somebody who calls: a person of a role, a service alone, or nobody.
type caller struct {
	name    string
	role    auth.Role // empty: nobody
	service string    // of a service alone
	rights  bool      // an operator that has them
	header  metadata.MD
}

// limited callers see the rows of their customers only.
func (c caller) limited() bool {
	return slices.Contains([]auth.Role{auth.Customer, auth.Partner, auth.LinkBearer}, c.role)
}

// reply is what came of a call, with the ids of the request taken out of the text.
type reply struct {
	code   codes.Code
	reason string
	text   string // code, message and details; or the response
	leak   bool   // the other customer is in it
}

// outcome is what must come of a call; without a reason it is admitted.
type outcome struct {
	code   codes.Code
	reason string
	own    bool // what it asks for is there
}

// expected reads the declaration as its comments have it.
func expected(access *optionsv1.Access, c caller, w whose) outcome {
	open := slices.Contains(access.GetRoles(), optionsv1.Role_ROLE_LINK_BEARER)
	switch {
	case (c.role == "" || c.service != "") && open:
		c = caller{role: auth.LinkBearer}
	case c.role == "":
		return outcome{code: codes.Unauthenticated, reason: "UNAUTHENTICATED"}
	}
	role := optionsv1.Role(optionsv1.Role_value["ROLE_"+string(c.role)])
	switch {
	case c.service != "" && !slices.Contains(access.GetServices(), c.service):
		return outcome{code: codes.PermissionDenied, reason: "SERVICE_DENIED"}
	case c.service == "" && !slices.Contains(access.GetRoles(), role):
		return outcome{code: codes.PermissionDenied, reason: "ROLE_DENIED"}
	case c.role == auth.Operator && access.GetRight() != "" && !c.rights:
		return outcome{code: codes.PermissionDenied, reason: "RIGHT_MISSING"}
	case c.limited() && access.GetField() != "" && w != ownIDs:
		return outcome{code: codes.PermissionDenied, reason: "CUSTOMER_DENIED"}
	case access.GetResource() != "" && (w == missingIDs || c.limited() && w == foreignIDs):
		return outcome{code: codes.NotFound, reason: "NOT_FOUND"}
	}
	return outcome{own: w == ownIDs}
}

// check holds an answer against what must come. An admitted call may be refused for other reasons: by a decision about the
// state of a thing, for a person whom the declaration cannot know, or where something beside the customer does not exist.
func (o outcome) check(t *testing.T, what string, got reply) {
	t.Helper()
	byAccess := []string{
		"REQUEST_INVALID", "UNAUTHENTICATED",
		"ROLE_DENIED", "SERVICE_DENIED", "RIGHT_MISSING", "CUSTOMER_DENIED", "ACCESS_UNDECLARED", "INTERNAL", "UNIMPLEMENTED",
	}
	switch {
	case o.reason != "" && (got.code != o.code || got.reason != o.reason):
		t.Errorf("%s: got %s, want %s %s", what, got.text, o.code, o.reason)
	case o.reason == "" && (slices.Contains(byAccess, got.reason) || got.code == codes.Unknown):
		t.Errorf("%s: got %s, and the contract admits it", what, got.text)
	case got.leak:
		t.Errorf("%s: another customer is shown in %s", what, got.text)
	}
}

// call makes one call. Writes are only tried; one that cannot be tried carries a field that no contract has, so that it is
// refused after every check of access.
func (m *matrix) call(t *testing.T, d protoreflect.MethodDescriptor, access *optionsv1.Access, c caller, w whose) reply {
	t.Helper()
	request := m.request(t, d, access, w)
	if d.Input().Fields().ByName("validate_only") == nil && !auth.Reads(d) && (access.GetNone() || w == ownIDs || !c.limited()) {
		request.SetUnknown([]byte{0xfa, 0xff, 0x01, 0x00}) // field 4095, empty
	}
	return m.send(t, d, request, c, w)
}

func (m *matrix) send(t *testing.T, d protoreflect.MethodDescriptor, request protoreflect.Message, c caller, w whose) reply {
	t.Helper()
	if f := d.Input().Fields().ByName("validate_only"); f != nil {
		request.Set(f, protoreflect.ValueOfBool(true))
	}
	ctx, cancel := context.WithCancel(metadata.NewOutgoingContext(t.Context(), c.header))
	defer cancel()
	if !auth.Reads(d) {
		ctx = rpc.WithKey(ctx, id.New("key"))
	}
	response, err := m.invoke(ctx, d, request.Interface())
	return m.answered(response, err, w)
}

// invoke returns the answer, the first one of a stream.
func (m *matrix) invoke(ctx context.Context, d protoreflect.MethodDescriptor, request proto.Message) (proto.Message, error) {
	method := "/" + string(d.Parent().FullName()) + "/" + string(d.Name())
	response := newMessage(d.Output()).Interface()
	if !d.IsStreamingServer() {
		return response, m.conn.Invoke(ctx, method, request, response)
	}
	s, err := m.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err != nil {
		return nil, err
	}
	if err := s.SendMsg(request); err != nil {
		return nil, err
	}
	if err := s.CloseSend(); err != nil {
		return nil, err
	}
	return response, s.RecvMsg(response)
}

func (m *matrix) answered(response proto.Message, err error, w whose) reply {
	if batch, ok := response.(interface {
		GetEntries() []*ordersv1.BatchOrder
	}); ok && err == nil && len(batch.GetEntries()) > 0 {
		r := batch.GetEntries()[0].GetResult() // a batch answers entry by entry
		if r.GetCode() != 0 {
			return reply{code: codes.Code(r.GetCode()), reason: r.GetReason(), text: m.anonymous(protojson.Format(r), w)}
		}
	}
	if err == nil {
		text := protojson.Format(response)
		return reply{text: m.anonymous(text, w), leak: w == ownIDs && strings.Contains(text, m.ids[foreignIDs]["customer_id"])}
	}
	s := status.Convert(err)
	a := reply{code: s.Code(), text: s.Code().String() + " " + s.Message()}
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			a.reason = info.GetReason()
		}
		a.text += fmt.Sprintf(" %v", detail)
	}
	a.text = m.anonymous(a.text, w)
	return a
}

// anonymous takes out of a text what differs between two calls that mean the same: the ids that were sent, new ids, and
// machine time.
func (m *matrix) anonymous(text string, w whose) string {
	for name, value := range m.ids[w] {
		text = strings.ReplaceAll(text, value, "<"+name+">")
	}
	text = regexp.MustCompile(`[a-z]{3}_`+id.Pattern+`|[0-9T:-]{19}\.[0-9]+Z`).ReplaceAllString(text, "<new>")
	return strings.Join(strings.Fields(text), " ") // the library's spaces vary
}

func newMessage(d protoreflect.MessageDescriptor) protoreflect.Message {
	t, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		panic(err) // a message of the contract is linked in
	}
	return t.New()
}
