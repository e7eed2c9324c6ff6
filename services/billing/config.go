package billing

import (
	"errors"
	"fmt"
	"time"

	"example.com/handover/pkg/aws"
	suite "example.com/handover/pkg/config"
	"example.com/handover/services/billing/internal/period"
)

// config is the section services.billing.
type config struct {
	AWS          awsConfig      `yaml:"aws" doc:"how AWS is reached"`
	Blobs        blobConfig     `yaml:"blobs" doc:"where documents and what AWS answered are kept"`
	FirstLook    suite.Duration `yaml:"first_look" doc:"after a month, when AWS is first asked whether it has invoiced"`
	LookEvery    suite.Duration `yaml:"look_every" doc:"until AWS has invoiced, how often it is asked; afterwards how old a look may be when the month is invoiced"`
	GateDay      int            `yaml:"gate_day" doc:"day of the next month, 00:00 UTC, before which a month is not invoiced because AWS's bill is not final"`
	MissingAfter suite.Duration `yaml:"missing_after" doc:"after a month, when AWS's invoice counts as missing"`
	PaymentDays  int            `yaml:"payment_days" doc:"days from the issue of an invoice until it is due"`
}

// awsConfig says how AWS is reached and how patient we are with it.
type awsConfig struct {
	Endpoint        string         `yaml:"endpoint" doc:"of every AWS service; empty: AWS itself"`
	Region          string         `yaml:"region" doc:"signing region"`
	StaticAccessKey string         `yaml:"static_access_key" doc:"key to assume the payers' roles with, for the sandbox; empty: the SDK's default chain"`
	Timeout         suite.Duration `yaml:"timeout" doc:"of one attempt of a call"`
	CallsPerSecond  float64        `yaml:"calls_per_second" doc:"most looks a second that all replicas together take in one payer account"`
}

func defaults() *config {
	const day = 24 * time.Hour
	return &config{
		AWS:       awsConfig{Region: "us-east-1", Timeout: suite.Duration(8 * time.Second), CallsPerSecond: 5},
		FirstLook: suite.Duration(6 * time.Hour), LookEvery: suite.Duration(6 * time.Hour), GateDay: 5,
		MissingAfter: suite.Duration(10 * day), PaymentDays: 30,
	}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	var found []error
	for key, positive := range map[string]bool{
		"aws.timeout": c.AWS.Timeout.Std() > 0, "aws.calls_per_second": c.AWS.CallsPerSecond > 0,
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
	return errors.Join(found...)
}

func (c *config) policy() period.Policy {
	return period.Policy{
		FirstLook: c.FirstLook.Std(), LookEvery: c.LookEvery.Std(), GateDay: c.GateDay, MissingAfter: c.MissingAfter.Std(),
	}
}

func (c awsConfig) client() aws.Config {
	out := aws.Config{Region: c.Region, Endpoint: c.Endpoint, Timeout: c.Timeout.Std(), MaxBackoff: c.Timeout.Std() / 4}
	if c.StaticAccessKey != "" {
		out.AccessKeyID, out.SecretAccessKey = c.StaticAccessKey, "sandbox"
	}
	return out
}
