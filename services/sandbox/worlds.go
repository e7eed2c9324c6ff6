package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"

	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/journal"
	"example.com/handover/pkg/sim/mail"
	"example.com/handover/pkg/sim/servicenow"
)

// worlds are the simulators of everything outside: what AWS mails and what SES is given arrives in the same mailbox.
type worlds struct {
	aws        *aws.Simulator
	servicenow *servicenow.Simulator
	mail       *mail.Inbox
}

// open starts the simulators, each with its endpoint. What they know is in the service's folder.
func open(ctx context.Context, e *kit.Env, c *config) (w worlds, err error) {
	if w.mail, err = openMail(ctx, e, c.Mail); err != nil {
		return w, fmt.Errorf("mail: %w", err)
	}
	if w.servicenow, err = openServiceNow(ctx, e, c.ServiceNow); err != nil {
		return w, fmt.Errorf("servicenow: %w", err)
	}
	if w.aws, err = openAWS(ctx, e, c.AWS, w.mail); err != nil {
		return w, fmt.Errorf("aws: %w", err)
	}
	return w, nil
}

func openMail(ctx context.Context, e *kit.Env, c mailConfig) (*mail.Inbox, error) {
	inbox, err := mail.New(mail.Options{
		Now: e.Business.Now, Journal: filepath.Join(e.Data, "mail.ndjson"), Log: e.Log, User: c.User, Password: c.Password,
	})
	if err != nil {
		return nil, err
	}
	e.Close(func(context.Context) error { return inbox.Close() })
	l, err := e.Listen(ctx, c.SMTP)
	if err != nil {
		return nil, fmt.Errorf("smtp: %w", err)
	}
	e.Go("smtp", func(ctx context.Context) error {
		stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // whoever sends meets a closed endpoint
		defer stop()
		if err := inbox.Serve(l); ctx.Err() == nil {
			return err
		}
		return nil
	})
	return inbox, serve(ctx, e, "mail page", c.HTTP, inbox.Handler())
}

func openServiceNow(ctx context.Context, e *kit.Env, c serviceNowConfig) (*servicenow.Simulator, error) {
	sim, err := servicenow.New(servicenow.Options{
		Now: e.Business.Now, Journal: journal.Open(filepath.Join(e.Data, "servicenow.ndjson")),
		Users: map[string]string{c.User: c.Password}, Log: e.Log,
	})
	if err != nil {
		return nil, err
	}
	e.Close(func(context.Context) error { return sim.Close() })
	return sim, serve(ctx, e, "servicenow", c.Listen, sim)
}

func openAWS(ctx context.Context, e *kit.Env, c awsConfig, inbox *mail.Inbox) (*aws.Simulator, error) {
	sim, err := aws.New(aws.Options{
		Now: e.Business.Now, Journal: journal.Open(filepath.Join(e.Data, "aws.ndjson")),
		Settings: organizations.DefaultSettings(), Keys: c.keys(), Log: e.Log,
		Deliver: inbox.Deliver, Mail: func(l aws.Letter) { post(e, inbox, l) },
	})
	if err != nil {
		return nil, err
	}
	e.Close(func(context.Context) error { return sim.Close() })
	if err := c.provision(ctx, sim); err != nil {
		return nil, err
	}
	return sim, serve(ctx, e, "aws", c.Listen, sim)
}

// letterhead is from whom AWS's letters come.
const letterhead = "Amazon Web Services <no-reply@aws.example.com>"

// post puts a letter of AWS into the mailbox. One that does not fit there is lost, as mail can be.
func post(e *kit.Env, inbox *mail.Inbox, l aws.Letter) {
	err := inbox.Put(mail.Letter{At: l.At, From: letterhead, To: l.To, Subject: l.Subject, Text: l.Text})
	if err != nil {
		e.Log.Warn("a letter of AWS did not arrive", "error", err)
	}
}

// serve gives a simulator its own endpoint: it speaks the protocol of whom it simulates, not ours.
func serve(ctx context.Context, e *kit.Env, name, address string, h http.Handler) error {
	l, err := e.Listen(ctx, address)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	server := e.HTTPServer(h)
	e.Go(name, func(ctx context.Context) error {
		stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // whoever calls meets a closed endpoint, as when the other side is away
		defer stop()
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	return nil
}
