package accounttransfer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"example.com/handover/pkg/aws"
	suite "example.com/handover/pkg/config"
)

// config is the section services.accounttransfer.
type config struct {
	AWS awsConfig `yaml:"aws" doc:"how AWS is reached"`
}

// awsConfig says how AWS is reached and how patient we are with it.
type awsConfig struct {
	Endpoint        string         `yaml:"endpoint" doc:"of every AWS service; empty: AWS itself"`
	Region          string         `yaml:"region" doc:"signing region"`
	StaticAccessKey string         `yaml:"static_access_key" doc:"key to assume the payers' roles with, for the sandbox; empty: the SDK's default chain"`
	Timeout         suite.Duration `yaml:"timeout" doc:"of one attempt of a call"`
	Settle          suite.Duration `yaml:"settle" doc:"after an unanswered call, how long AWS is given before its effect is looked for"`
	CallsPerSecond  float64        `yaml:"calls_per_second" doc:"most calls a second that all replicas together make in one payer account"`

	Catalog              string `yaml:"catalog" doc:"of Partner Central: AWS or Sandbox"`
	PricingPlanARN       string `yaml:"pricing_plan_arn" doc:"by which a billing group shows the customer its costs"`
	BootstrapRole        string `yaml:"bootstrap_role" doc:"name of the role that customers deploy, the only access that the reseller gets"`
	BootstrapTemplateURL string `yaml:"bootstrap_template_url" doc:"https address of the CloudFormation template that deploys it, with a parameter ExternalId; empty: customers get no link"`
}

func defaults() *config {
	return &config{AWS: awsConfig{
		Region: "us-east-1", Timeout: suite.Duration(8 * time.Second), Settle: suite.Duration(10 * time.Second), CallsPerSecond: 5,
		Catalog: "AWS", PricingPlanARN: "arn:aws:billingconductor::aws:pricingplan/BasicPricingPlan", BootstrapRole: "HandoverBootstrapRole",
	}}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	var found []error
	if c.AWS.Timeout.Std() <= 0 {
		found = append(found, fmt.Errorf("aws.timeout: must be positive"))
	}
	if c.AWS.Settle.Std() <= 0 {
		found = append(found, fmt.Errorf("aws.settle: must be positive"))
	}
	if c.AWS.CallsPerSecond <= 0 {
		found = append(found, fmt.Errorf("aws.calls_per_second: must be positive"))
	}
	if c.AWS.Catalog != "AWS" && c.AWS.Catalog != "Sandbox" {
		found = append(found, fmt.Errorf("aws.catalog: must be AWS or Sandbox"))
	}
	if !strings.HasPrefix(c.AWS.PricingPlanARN, "arn:") {
		found = append(found, fmt.Errorf("aws.pricing_plan_arn: must be an ARN"))
	}
	if c.AWS.BootstrapRole == "" {
		found = append(found, fmt.Errorf("aws.bootstrap_role: must not be empty"))
	}
	if url := c.AWS.BootstrapTemplateURL; url != "" && !strings.HasPrefix(url, "https://") {
		found = append(found, fmt.Errorf("aws.bootstrap_template_url: must begin with https://"))
	}
	return errors.Join(found...)
}

func (c awsConfig) client() aws.Config {
	out := aws.Config{Region: c.Region, Endpoint: c.Endpoint, Timeout: c.Timeout.Std(), MaxBackoff: c.Timeout.Std() / 4}
	if c.StaticAccessKey != "" {
		out.AccessKeyID, out.SecretAccessKey = c.StaticAccessKey, "sandbox"
	}
	return out
}
