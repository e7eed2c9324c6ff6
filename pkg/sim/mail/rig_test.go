package mail_test

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/sim/fault"
	"example.com/handover/pkg/sim/mail"
)

var now = time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC)

// rig is an inbox behind a real listener.
type rig struct {
	t       *testing.T
	clock   *clock.Business
	options mail.Options
	inbox   *mail.Inbox
	port    int
	served  chan error
}

func newRig(t *testing.T, change ...func(*mail.Options)) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewMovable(now)}
	r.options = mail.Options{Now: r.clock.Now, Journal: filepath.Join(t.TempDir(), "mail.journal")}
	for _, c := range change {
		c(&r.options)
	}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *rig) start() {
	r.t.Helper()
	inbox, err := mail.New(r.options)
	if err != nil {
		r.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	r.inbox, r.port, r.served = inbox, l.Addr().(*net.TCPAddr).Port, make(chan error, 1)
	go func() { r.served <- inbox.Serve(l) }()
}

func (r *rig) stop() {
	r.t.Helper()
	if err := r.inbox.Close(); err != nil {
		r.t.Error(err)
	}
	if err := <-r.served; err != nil {
		r.t.Error(err)
	}
}

func (r *rig) restart() {
	r.t.Helper()
	r.stop()
	r.start()
}

func (r *rig) advance(d time.Duration) {
	r.t.Helper()
	if err := r.clock.Set(r.clock.Now().Add(d)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) fault(f fault.Fault) {
	r.t.Helper()
	if err := r.inbox.SetFault(f); err != nil {
		r.t.Fatal(err)
	}
}

// send hands one mail in over the network, as the product does.
func (r *rig) send(m *gomail.Msg, more ...gomail.Option) error {
	r.t.Helper()
	return submit(r.t, r.port, m, more...)
}

func submit(t testing.TB, port int, m *gomail.Msg, more ...gomail.Option) error {
	t.Helper()
	options := append([]gomail.Option{gomail.WithPort(port), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithHELO("localhost")}, more...)
	client, err := gomail.NewClient("127.0.0.1", options...)
	if err != nil {
		t.Fatal(err)
	}
	return client.DialAndSendWithContext(t.Context(), m)
}

// only returns the one mail that has arrived.
func (r *rig) only() mail.Message {
	r.t.Helper()
	all := r.inbox.List(mail.Query{})
	if len(all) != 1 {
		r.t.Fatalf("%d mails have arrived", len(all))
	}
	return all[0]
}

func newMail(t testing.TB, to, subject, text string) *gomail.Msg {
	t.Helper()
	m := gomail.NewMsg()
	if err := errors.Join(m.FromFormat("Example Cloud", "no-reply@seller.example"), m.To(to)); err != nil {
		t.Fatal(err)
	}
	m.Subject(subject)
	m.SetDateWithValue(now)
	m.SetMessageIDWithValue("ntf_1." + strings.ReplaceAll(to, "@", "-") + "@seller.example")
	m.SetBodyString(gomail.TypeTextPlain, text)
	return m
}

// refusedWith returns the SMTP code of a refusal; zero: the mail was taken, or nobody answered.
func refusedWith(err error) int {
	refused, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return 0
	}
	return refused.ErrorCode()
}
