package kittest

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// quietTimeout is how long a busy world is waited for at one instant, in machine time.
const quietTimeout = 5 * time.Minute

// Now is the business time. The sandbox must be hosted.
func (s *Suite) Now(t testing.TB) time.Time {
	t.Helper()
	resp, err := sandboxv1.NewSandboxServiceClient(s.Conn()).GetClock(s.As(t, Operator("clock")), &sandboxv1.GetClockRequest{})
	if err != nil {
		t.Fatalf("read the clock: %v", err)
	}
	return resp.GetClock().GetBusinessTime().AsTime()
}

// Advance walks business time to an instant and waits until the world is quiet there. The sandbox must be hosted.
func (s *Suite) Advance(t testing.TB, to time.Time) {
	t.Helper()
	s.advance(t, &sandboxv1.AdvanceClockRequest{ToTime: timestamppb.New(to), Timeout: durationpb.New(quietTimeout)})
}

// rough is how late the suite may come to what is due while months pass that nothing is asked about.
const rough = 6 * time.Hour

// LetPass is Advance over months: what is due is worked on some hours late, so that the walk takes seconds.
func (s *Suite) LetPass(t testing.TB, to time.Time) {
	t.Helper()
	s.advance(t, &sandboxv1.AdvanceClockRequest{
		ToTime: timestamppb.New(to), Timeout: durationpb.New(quietTimeout), Stride: durationpb.New(rough),
	})
}

func (s *Suite) advance(t testing.TB, req *sandboxv1.AdvanceClockRequest) {
	t.Helper()
	walk, err := sandboxv1.NewSandboxServiceClient(s.Conn()).AdvanceClock(s.As(t, Operator("clock")), req)
	var at *sandboxv1.AdvanceClockResponse
	for err == nil && !at.GetDone() {
		at, err = walk.Recv()
	}
	if err != nil {
		t.Fatalf("advance the clock to %s: %v", req.GetToTime().AsTime().Format(time.RFC3339), err)
	}
}

// Settle waits until nothing is under way at the present instant. The sandbox must be hosted.
func (s *Suite) Settle(t testing.TB) {
	t.Helper()
	s.Advance(t, s.Now(t))
}
