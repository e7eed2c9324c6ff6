package notifications

import (
	"cmp"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"time"

	"example.com/handover/pkg/aws"
	suite "example.com/handover/pkg/config"
	"example.com/handover/pkg/mailaddress"
	"example.com/handover/services/notifications/internal/smtp"
)

// The kinds of senders.
const (
	kindSMTP = "smtp"
	kindSES  = "ses"
)

// config is the section services.notifications.
type config struct {
	Sender            senderConfig   `yaml:"sender" doc:"whose mails these are"`
	SMTP              smtpConfig     `yaml:"smtp" doc:"the mail server, for sender.kind smtp"`
	SES               aws.Settings   `yaml:"ses" doc:"Amazon SES, for sender.kind ses"`
	OperationsAddress string         `yaml:"operations_address" doc:"of the reseller's Operations; empty: mails to them are suppressed"`
	Settle            suite.Duration `yaml:"settle" doc:"after an unanswered try, how long the provider is given before a mail that may be repeated is"`
}

type senderConfig struct {
	Kind   string `yaml:"kind" doc:"smtp or ses"`
	From   string `yaml:"from" doc:"name and address that mails come from; the name stands on the mails"`
	Domain string `yaml:"domain" doc:"behind the @ of every Message-ID"`
}

// from is the sender with its address as it travels.
func (c senderConfig) from() (mail.Address, error) {
	parsed, err := mail.ParseAddress(c.From)
	if err != nil {
		return mail.Address{}, err
	}
	ascii, err := mailaddress.ASCII(parsed.Address)
	return mail.Address{Name: parsed.Name, Address: ascii}, err
}

type smtpConfig struct {
	Address  string         `yaml:"address" doc:"host and port"`
	Hello    string         `yaml:"hello" doc:"our own name as the mail server hears it first (EHLO), a fully qualified host name; empty: sender.domain"`
	Username string         `yaml:"username" doc:"empty: the server asks for no name"`
	Password suite.Secret   `yaml:"password" doc:"file with the password of the user name, read again at each mail"`
	TLS      string         `yaml:"tls" doc:"starttls, which is demanded then, or off for a server on the own machine"`
	Timeout  suite.Duration `yaml:"timeout" doc:"of one mail"`
}

// defaults are for the sandbox, whose inbox takes everything on the own machine.
func defaults() *config {
	return &config{
		Sender:            senderConfig{Kind: kindSMTP, From: "Handover <no-reply@handover.example>", Domain: "handover.example"},
		SMTP:              smtpConfig{Address: "127.0.0.1:9025", TLS: "off", Timeout: suite.Duration(15 * time.Second)},
		SES:               aws.Settings{Region: "eu-central-1", Timeout: suite.Duration(15 * time.Second)},
		OperationsAddress: "operations@handover.example",
		Settle:            suite.Duration(30 * time.Second),
	}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	var found []error
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			found = append(found, fmt.Errorf(format, args...))
		}
	}
	_, err := c.Sender.from()
	wrong(err != nil, "sender.from: %q is no address", c.Sender.From)
	_, err = mailaddress.ASCII("x@" + c.Sender.Domain)
	wrong(err != nil, "sender.domain: %q is no domain", c.Sender.Domain)
	_, err = mailaddress.ASCII(c.OperationsAddress)
	wrong(c.OperationsAddress != "" && err != nil, "operations_address: %q is no address", c.OperationsAddress)
	wrong(c.Sender.Kind != kindSMTP && c.Sender.Kind != kindSES, "sender.kind: must be %s or %s", kindSMTP, kindSES)
	wrong(c.SMTP.TLS != "off" && c.SMTP.TLS != "starttls", "smtp.tls: must be starttls or off")
	hello := cmp.Or(c.SMTP.Hello, c.Sender.Domain)
	wrong(c.Sender.Kind == kindSMTP && !hostName.MatchString(hello), "smtp.hello: %q is no fully qualified host name", hello)
	wrong(c.SMTP.Username != "" && !c.SMTP.Password.IsSet(), "smtp.password: a user name needs one")
	wrong(c.SMTP.Timeout.Std() <= 0, "smtp.timeout: must be positive")
	wrong(c.Settle.Std() <= 0, "settle: must be positive")
	return errors.Join(found...)
}

// hostName is a name with a dot, as mail servers want it.
var hostName = regexp.MustCompile(`^([0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[0-9A-Za-z-]{2,63}$`)

// server is how the mail server is reached.
func (c *config) server() smtp.Config {
	return smtp.Config{
		Address: c.SMTP.Address, Hello: cmp.Or(c.SMTP.Hello, c.Sender.Domain), Username: c.SMTP.Username,
		Password: c.SMTP.Password.Value, StartTLS: c.SMTP.TLS == "starttls", Timeout: c.SMTP.Timeout.Std(),
	}
}

// PlainText returns the mail server unless it is asked for TLS.
func (c *config) PlainText() map[string]string {
	if c.Sender.Kind != kindSMTP || c.SMTP.TLS == "starttls" {
		return nil
	}
	return map[string]string{"smtp.tls": c.SMTP.Address}
}

// Outward returns the addresses outside of the suite.
func (c *config) Outward() map[string]string {
	return map[string]string{"ses.endpoint": c.SES.Endpoint}
}
