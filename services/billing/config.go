package billing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/blob"
	suite "example.com/handover/pkg/config"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// config is the section services.billing.
type config struct {
	AWS          awsConfig      `yaml:"aws" doc:"how AWS is reached"`
	Blobs        blob.Config    `yaml:"blobs" doc:"where documents and what AWS answered are kept"`
	FirstLook    suite.Duration `yaml:"first_look" doc:"after a month, when AWS is first asked whether it has invoiced"`
	LookEvery    suite.Duration `yaml:"look_every" doc:"until AWS has invoiced, how often it is asked; afterwards how old a look may be when the month is invoiced"`
	GateDay      int            `yaml:"gate_day" doc:"day of the next month, 00:00 UTC, before which a month is not invoiced because AWS's bill is not final"`
	MissingAfter suite.Duration `yaml:"missing_after" doc:"after a month, when AWS's invoice counts as missing"`
	MarginFloor  string         `yaml:"margin_floor" doc:"percent of what AWS charges that has to be left to the reseller of each month and account; less holds the month"`
	SupportPlans []string       `yaml:"support_plans" doc:"AWS's support plans that do not have the word support in their name"`
	Enterprise   []string       `yaml:"enterprise_plans" doc:"whole names of AWS's support plans that stand behind partner-led support: it is charged in the months in which AWS shows one"`
	PaymentDays  int            `yaml:"payment_days" doc:"days from the issue of an invoice until it is due"`
}

// awsConfig says how AWS is reached and how much it is asked.
type awsConfig struct {
	aws.Settings   `yaml:",inline"`
	CallsPerSecond float64 `yaml:"calls_per_second" doc:"most looks a second that all replicas together take in one payer account"`
}

func defaults() *config {
	const day = 24 * time.Hour
	return &config{
		AWS:       awsConfig{Settings: aws.Settings{Region: "us-east-1", Timeout: suite.Duration(8 * time.Second)}, CallsPerSecond: 5},
		FirstLook: suite.Duration(6 * time.Hour), LookEvery: suite.Duration(6 * time.Hour), GateDay: 5,
		MissingAfter: suite.Duration(10 * day), PaymentDays: 30, SupportPlans: []string{"Unified Operations"}, MarginFloor: "0",
		Enterprise: []string{"AWS Support (Enterprise)", "AWS Enterprise Support"},
	}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	var found []error
	for key, positive := range map[string]bool{
		"first_look": c.FirstLook.Std() > 0, "look_every": c.LookEvery.Std() > 0, "missing_after": c.MissingAfter.Std() > 0,
		"payment_days": c.PaymentDays > 0,
	} {
		if !positive {
			found = append(found, fmt.Errorf("%s: must be positive", key))
		}
	}
	if c.GateDay < 1 || c.GateDay > 28 {
		found = append(found, errors.New("gate_day: must be a day that every month has"))
	}
	if slices.ContainsFunc(c.plans(), func(plan string) bool { return strings.TrimSpace(plan) == "" }) {
		found = append(found, errors.New("support_plans, enterprise_plans: an empty name would make support of everything"))
	}
	if _, err := money.ParseRate(c.MarginFloor); err != nil {
		found = append(found, fmt.Errorf("margin_floor: %q is no percentage", c.MarginFloor))
	}
	return errors.Join(found...)
}

// Validate implements the check that the loader runs.
func (c *awsConfig) Validate() error {
	found := []error{c.Settings.Validate()}
	if c.CallsPerSecond <= 0 {
		found = append(found, errors.New("calls_per_second: must be positive"))
	}
	return errors.Join(found...)
}

func (c *config) policy() period.Policy {
	return period.Policy{
		FirstLook: c.FirstLook.Std(), LookEvery: c.LookEvery.Std(), GateDay: c.GateDay, MissingAfter: c.MissingAfter.Std(),
	}
}

// rules are the reseller's own for every statement.
func (c *config) rules() (statement.Rules, error) {
	floor, err := money.ParseRate(c.MarginFloor)
	return statement.Rules{Plans: c.plans(), Enterprise: c.Enterprise, Floor: floor}, err
}

// plans are all of AWS's support plans that are known by name.
func (c *config) plans() statement.Plans { return slices.Concat(c.SupportPlans, c.Enterprise) }

// Outward returns the addresses outside of the suite.
func (c *config) Outward() map[string]string {
	return map[string]string{"aws.endpoint": c.AWS.Endpoint, "blobs.endpoint": c.Blobs.Endpoint}
}
