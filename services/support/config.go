package support

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	suite "example.com/handover/pkg/config"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// config is the section services.support.
type config struct {
	ServiceNow serviceNowConfig `yaml:"servicenow" doc:"how ServiceNow is reached"`
	PortalURL  string           `yaml:"portal_url" doc:"services portal of customers whom the reseller supports; they get it when their channel is ready"`
}

// serviceNowConfig says how ServiceNow is reached, and how long its answers are waited for.
type serviceNowConfig struct {
	URL             string         `yaml:"url" doc:"of the instance; the default is the sandbox's"`
	Table           string         `yaml:"table" doc:"in which cases are created: sn_customerservice_case or incident"`
	User            string         `yaml:"user" doc:"technical user; what it wrote in a record counts as said by us"`
	Password        suite.Secret   `yaml:"password" doc:"file with the password of the user, for basic authentication; read again at each call"`
	SandboxPassword string         `yaml:"sandbox_password" doc:"of the user of a simulated instance; used while neither password nor client_id is set"`
	ClientID        string         `yaml:"client_id" doc:"OAuth client whose credentials act as the user; empty: basic authentication"`
	ClientSecret    suite.Secret   `yaml:"client_secret" doc:"file with the secret of the client; read again for each token"`
	AssignmentGroup string         `yaml:"assignment_group" doc:"sys_id of the group that gets new records; empty: the instance decides"`
	ResolutionCode  string         `yaml:"resolution_code" doc:"code with which ResolveCase resolves a record"`
	Timeout         suite.Duration `yaml:"timeout" doc:"of one call"`
	Settle          suite.Duration `yaml:"settle" doc:"after an unanswered call, how long ServiceNow is given before its effect is looked for"`
	Late            suite.Duration `yaml:"late" doc:"how long ServiceNow may still carry out a call that it has not answered; an unanswered comment is looked for, and said again, no sooner"`
	CallsPerHour    int            `yaml:"calls_per_hour" doc:"most calls an hour that all replicas together make"`
}

func defaults() *config {
	return &config{ServiceNow: serviceNowConfig{
		URL: "http://127.0.0.1:9093", Table: cases.TableCase, User: "handover", SandboxPassword: "handover",
		ResolutionCode: "Solution provided", Timeout: suite.Duration(8 * time.Second), Settle: suite.Duration(10 * time.Second),
		Late: suite.Duration(90 * time.Second), CallsPerHour: 36_000,
	}}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	if c.PortalURL == "" {
		return nil
	}
	_, err := address("portal_url", c.PortalURL)
	return err
}

// Validate implements the check that the loader runs.
func (c *serviceNowConfig) Validate() error {
	var found []error
	at, err := address("url", c.URL)
	if err != nil {
		found = append(found, err)
	}
	if c.Table != cases.TableCase && c.Table != cases.TableIncident {
		found = append(found, fmt.Errorf("table: is neither %s nor %s", cases.TableCase, cases.TableIncident))
	}
	if c.User == "" {
		found = append(found, errors.New("user: name the technical user, also with a client"))
	}
	switch {
	case (c.ClientID != "") != c.ClientSecret.IsSet():
		found = append(found, errors.New("client_id: needs client_secret, and the other way round"))
	case c.ClientID != "" && c.Password.IsSet():
		found = append(found, errors.New("password: is of no use with a client_id"))
	case c.ClientID == "" && !c.Password.IsSet() && err == nil && at.Scheme == "https":
		found = append(found, errors.New("password: a real instance needs it, or a client_id"))
	}
	if c.ResolutionCode == "" {
		found = append(found, errors.New("resolution_code: ServiceNow resolves nothing without one"))
	}
	for key, d := range map[string]suite.Duration{"timeout": c.Timeout, "settle": c.Settle, "late": c.Late} {
		if d.Std() <= 0 {
			found = append(found, fmt.Errorf("%s: must be positive", key))
		}
	}
	if c.CallsPerHour <= 0 {
		found = append(found, errors.New("calls_per_hour: must be positive"))
	}
	return errors.Join(found...)
}

func address(key, text string) (*url.URL, error) {
	at, err := url.Parse(text)
	if err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "" {
		return nil, fmt.Errorf("%s: is no http or https address", key)
	}
	return at, nil
}

func (c serviceNowConfig) client(gate func(context.Context) error) servicenow.Config {
	out := servicenow.Config{
		URL: c.URL, Table: c.Table, User: c.User, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Value,
		Password:        func() string { return c.SandboxPassword },
		AssignmentGroup: c.AssignmentGroup, ResolutionCode: c.ResolutionCode, Timeout: c.Timeout.Std(), Gate: gate,
	}
	if c.Password.IsSet() {
		out.Password = c.Password.Value
	}
	return out
}

// Outward returns the addresses outside of the suite.
func (c *config) Outward() map[string]string {
	return map[string]string{"servicenow.url": c.ServiceNow.URL, "portal_url": c.PortalURL}
}
