package kit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/config"
)

// Main is the body of every binary of the suite: it runs the given services until SIGTERM or SIGINT, prints the
// configuration reference, or checks a file. It returns the exit code.
func Main(args []string, out io.Writer, services ...Service) int {
	return Command(args, out, &Commands{}, services)
}

// Commands are what every binary of the suite can do. A binary with commands of its own embeds them.
type Commands struct {
	Run    runCommand    `cmd:"" default:"withargs" help:"Run the services until SIGTERM or SIGINT."`
	Check  checkCommand  `cmd:"" help:"Check a configuration file and exit."`
	Config configCommand `cmd:"" help:"Print the configuration reference: every key, its default and its meaning."`
	Token  tokenCommand  `cmd:"" help:"Print a token of the development issuer."`
}

// Command is a Program that hosts services.
func Command(args []string, out io.Writer, commands any, services []Service) int {
	signal.Ignore(syscall.SIGXFSZ) // a limit of the size of files then refuses writes as a full disk does
	return Program{Name: "handover", Out: out, Complaints: os.Stderr, Bind: []any{services}}.Run(args, commands)
}

type runCommand struct {
	Config string `short:"c" help:"Configuration file." type:"existingfile"`
}

func (c runCommand) Run(ctx context.Context, services []Service) error {
	cfg, err := Load(c.Config)
	if err != nil {
		return err
	}
	p, err := Start(ctx, cfg, services...)
	if errors.Is(err, errStopped) {
		return nil // it was asked to, and has undone what it had done
	}
	if err != nil {
		return err
	}
	return errors.Join(p.Wait(ctx), p.Stop())
}

type checkCommand struct {
	Config string `arg:"" help:"Configuration file." type:"existingfile"`
}

func (c checkCommand) Run(out io.Writer, services []Service) error {
	warnings, err := Check(c.Config, services...)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		if _, err := fmt.Fprintln(out, "warning:", w); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(out, c.Config, "is fine")
	return err
}

type configCommand struct{}

func (configCommand) Run(out io.Writer, services []Service) error {
	platform := struct {
		Platform Platform `yaml:"platform" doc:"what every hosted service shares"`
	}{Default().Platform}
	if err := config.Reference(out, &platform); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "services:"); err != nil {
		return err
	}
	for _, s := range services {
		defaults := s.begin().config
		if defaults == nil {
			continue
		}
		var section bytes.Buffer
		if err := config.Reference(&section, defaults); err != nil {
			return err
		}
		nested := "    " + strings.ReplaceAll(strings.TrimRight(section.String(), "\n"), "\n", "\n    ")
		if _, err := fmt.Fprintf(out, "  %s:\n%s\n", s.Name, nested); err != nil {
			return err
		}
	}
	return nil
}

// Load reads a configuration file over the defaults; an empty path is the defaults alone.
func Load(path string) (Config, error) {
	cfg := Default()
	if path == "" {
		return cfg, nil
	}
	if err := config.Load(path, &cfg); err != nil {
		return cfg, err
	}
	return cfg, nil
}

type tokenCommand struct {
	Keys     string        `help:"Folder of the development issuer's key." default:"data/keys"`
	Role     string        `arg:"" help:"CUSTOMER, PARTNER, OPERATOR or SUPPORT_READER."`
	Subject  string        `help:"Subject of the token; without one it is the role in lower case, for a customer may not submit what it has prepared itself."`
	Customer []string      `help:"Customers of a CUSTOMER."`
	Partner  string        `help:"Partner of a PARTNER."`
	Right    []string      `help:"Rights of an OPERATOR; all of them when none is given."`
	For      time.Duration `help:"How long it is good." default:"12h"`
}

func (c tokenCommand) Run(out io.Writer) error {
	issuer, err := auth.OpenIssuer(c.Keys)
	if err != nil {
		return err
	}
	if c.Subject == "" {
		c.Subject = strings.ToLower(c.Role)
	}
	if len(c.Right) == 0 {
		c.Right = auth.OperatorRights()
	}
	token, err := issuer.Person(auth.Principal{
		Subject: c.Subject, Role: auth.Role(c.Role), Customers: c.Customer, Partner: c.Partner, Rights: c.Right,
	}, c.For)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, token)
	return err
}
