package accounttransfer

import (
	"errors"
	"strings"
	"time"

	"example.com/handover/pkg/aws"
	suite "example.com/handover/pkg/config"
)

// config is the section services.accounttransfer.
type config struct {
	AWS              awsConfig `yaml:"aws" doc:"how AWS is reached"`
	AccountQuestions int       `yaml:"account_questions" doc:"how many times an hour one person may try to enter an account with validate_only, or enter one that another customer has, at one replica: the answer tells who is a customer"`
}

// awsConfig says how AWS is reached and how much it is asked.
type awsConfig struct {
	aws.Settings   `yaml:",inline"`
	Settle         suite.Duration `yaml:"settle" doc:"after an unanswered call, how long AWS is given before its effect is looked for"`
	CallsPerSecond float64        `yaml:"calls_per_second" doc:"most calls a second that all replicas together make in one payer account"`

	Catalog              string `yaml:"catalog" doc:"of Partner Central: AWS or Sandbox"`
	PricingPlanARN       string `yaml:"pricing_plan_arn" doc:"by which a billing group shows the customer its costs"`
	BootstrapRole        string `yaml:"bootstrap_role" doc:"name of the role that customers deploy, the only access that the reseller gets"`
	BootstrapTemplateURL string `yaml:"bootstrap_template_url" doc:"https address of the CloudFormation template that deploys it, with a parameter ExternalId; empty: customers get no link"`
}

func defaults() *config {
	return &config{AccountQuestions: 20, AWS: awsConfig{
		Settings: aws.Settings{Region: "us-east-1", Timeout: suite.Duration(8 * time.Second)},
		Settle:   suite.Duration(10 * time.Second), CallsPerSecond: 5,
		Catalog: "AWS", PricingPlanARN: "arn:aws:billingconductor::aws:pricingplan/BasicPricingPlan", BootstrapRole: "HandoverBootstrapRole",
	}}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	if c.AccountQuestions < 1 {
		return errors.New("account_questions: must be positive")
	}
	return nil
}

// Validate implements the check that the loader runs.
func (c *awsConfig) Validate() error {
	found := []error{c.Settings.Validate()}
	if c.Settle.Std() <= 0 {
		found = append(found, errors.New("settle: must be positive"))
	}
	if c.CallsPerSecond <= 0 {
		found = append(found, errors.New("calls_per_second: must be positive"))
	}
	if c.Catalog != "AWS" && c.Catalog != "Sandbox" {
		found = append(found, errors.New("catalog: must be AWS or Sandbox"))
	}
	if !strings.HasPrefix(c.PricingPlanARN, "arn:") {
		found = append(found, errors.New("pricing_plan_arn: must be an ARN"))
	}
	if c.BootstrapRole == "" {
		found = append(found, errors.New("bootstrap_role: must not be empty"))
	}
	if url := c.BootstrapTemplateURL; url != "" && !strings.HasPrefix(url, "https://") {
		found = append(found, errors.New("bootstrap_template_url: must begin with https://"))
	}
	return errors.Join(found...)
}

// Outward returns the addresses outside of the suite.
func (c *config) Outward() map[string]string {
	return map[string]string{"aws.endpoint": c.AWS.Endpoint, "aws.bootstrap_template_url": c.AWS.BootstrapTemplateURL}
}
