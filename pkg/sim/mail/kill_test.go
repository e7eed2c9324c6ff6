package mail_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	gomail "github.com/wneessen/go-mail"

	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
)

// The test binary doubles as a sender that can be killed: with this variable it sends to the address and waits.
const senderVariable = "HANDOVER_TEST_SENDER"

func TestMain(m *testing.M) {
	if to := os.Getenv(senderVariable); to != "" {
		sendUntilKilled(to, bufio.NewReader(os.Stdin), os.Stdout)
		return
	}
	m.Run()
}

// sendUntilKilled says that it is there, sends to the port it is told, and stays until its input ends.
func sendUntilKilled(to string, in *bufio.Reader, out io.Writer) {
	_, _ = fmt.Fprintln(out, "ready")
	line, err := in.ReadString('\n')
	if err != nil {
		return
	}
	port, err := strconv.Atoi(line[:len(line)-1])
	if err != nil {
		return
	}
	m := gomail.NewMsg()
	_, _ = m.From("no-reply@seller.example"), m.To(to)
	m.SetBodyString(gomail.TypeTextPlain, "Hello")
	client, err := gomail.NewClient("127.0.0.1", gomail.WithPort(port), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithHELO("localhost"))
	if err != nil {
		return
	}
	if err := client.DialAndSendWithContext(context.Background(), m); err != nil {
		_, _ = fmt.Fprintln(out, err)
	}
	_, _ = io.Copy(io.Discard, in) // until somebody ends us
}

func TestSenderIsKilledAtEveryMoment(t *testing.T) {
	for moment, want := range map[fault.Moment]struct {
		mails    int
		answered bool
		outcome  string
	}{
		fault.RequestReceived: {0, false, fault.Dropped},
		fault.EffectCommitted: {1, false, fault.OK},
		fault.AnswerSent:      {1, true, fault.OK},
	} {
		t.Run(string(moment), func(t *testing.T) {
			r := newRig(t)
			r.endedSender(fault.KillCaller, moment, syscall.SIGKILL)
			calls := r.inbox.Calls(fault.CallQuery{Operation: "DATA"})
			if len(calls) != 1 || calls[0].Answered != want.answered || calls[0].Outcome != want.outcome || calls[0].Fault != fault.KillCaller {
				t.Errorf("calls %+v", calls)
			}
			r.restart()
			if n := len(r.inbox.List(mail.Query{To: "anna@kunde.example"})); n != want.mails {
				t.Errorf("%d mails", n)
			}
		})
	}
}

// A sender that is asked to end has its answer all the same.
func TestSenderIsAskedToEndAtEveryMoment(t *testing.T) {
	for _, moment := range []fault.Moment{fault.RequestReceived, fault.EffectCommitted, fault.AnswerSent} {
		t.Run(string(moment), func(t *testing.T) {
			r := newRig(t)
			r.endedSender(fault.StopCaller, moment, syscall.SIGTERM)
			if n := len(r.inbox.List(mail.Query{})); n != 1 && moment != fault.RequestReceived { // it may be gone before it has sent all
				t.Errorf("%d mails", n)
			}
		})
	}
}

// endedSender lets another process send a mail and checks that it ended of it.
func (r *rig) endedSender(kind fault.Kind, moment fault.Moment, signal syscall.Signal) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), senderVariable+"=anna@kunde.example")
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
	r.fault(fault.Fault{Operation: "DATA", Kind: kind, Moment: moment, PID: cmd.Process.Pid, Times: 1})
	if _, err := fmt.Fprintln(in, r.port); err != nil {
		r.t.Fatal(err)
	}
	err = cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != signal {
		r.t.Fatalf("the sender ended with %v", err)
	}
}
