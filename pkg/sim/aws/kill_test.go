package aws_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"

	"example.com/handover/pkg/sim/fault"
)

// The test binary doubles as a caller that can be killed: with this variable it invites the account and waits.
const callerVariable = "HANDOVER_TEST_CALLER"

func TestMain(m *testing.M) {
	if account := os.Getenv(callerVariable); account != "" {
		callUntilKilled(account, bufio.NewReader(os.Stdin), os.Stdout)
		return
	}
	m.Run()
}

// callUntilKilled says that it is there, calls when it is told to, and stays until its input ends.
func callUntilKilled(account string, in *bufio.Reader, out io.Writer) {
	_, _ = fmt.Fprintln(out, "ready")
	endpoint, err := in.ReadString('\n')
	if err != nil {
		return
	}
	endpoint = endpoint[:len(endpoint)-1]
	client := orgs.New(orgs.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Retryer: aws.NopRetryer{}, Credentials: keyOf(payer)})
	if _, err := client.InviteOrganizationToTransferResponsibility(context.Background(), invitation(account)); err != nil {
		_, _ = fmt.Fprintln(out, err)
		return
	}
	_, _ = io.Copy(io.Discard, in) // until somebody ends us
}

func TestCallerIsKilledAtEveryMoment(t *testing.T) {
	for moment, want := range map[fault.Moment]struct {
		effects  int
		answered bool
		outcome  string
	}{
		fault.RequestReceived: {0, false, fault.Dropped},
		fault.EffectCommitted: {1, false, fault.OK},
		fault.AnswerSent:      {1, true, fault.OK},
	} {
		t.Run(string(moment), func(t *testing.T) {
			r := newRig(t, kept(t))
			r.killedCaller(moment, r.customer())
			calls := r.sim.Calls(fault.CallQuery{Operation: inviteOperation})
			if len(calls) != 1 || calls[0].Answered != want.answered || calls[0].Outcome != want.outcome || calls[0].Fault != fault.KillCaller {
				t.Errorf("calls %+v", calls)
			}
			r.restart()
			if n := len(r.sim.Transfers(payer)); n != want.effects {
				t.Errorf("%d transfers", n)
			}
		})
	}
}

// killedCaller lets another process invite the account and checks that it died of it.
func (r *rig) killedCaller(moment fault.Moment, account string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), callerVariable+"="+account)
	in, err := cmd.StdinPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		r.t.Fatal(err)
	}
	r.fault(fault.Fault{Operation: inviteOperation, Kind: fault.KillCaller, Moment: moment, PID: cmd.Process.Pid, Times: 1})
	if _, err := fmt.Fprintln(in, r.server.URL); err != nil {
		r.t.Fatal(err)
	}
	err = cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		r.t.Fatalf("the caller ended with %v", err)
	}
}
