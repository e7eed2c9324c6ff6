package sandbox

import (
	"errors"
	"fmt"
)

// config is the section services.sandbox.
type config struct {
	AWS        awsConfig        `yaml:"aws" doc:"the simulated AWS"`
	ServiceNow serviceNowConfig `yaml:"servicenow" doc:"the simulated ServiceNow"`
	Mail       mailConfig       `yaml:"mail" doc:"the mailbox of everybody"`
}

// serviceNowConfig is the simulated ServiceNow.
type serviceNowConfig struct {
	Listen   string `yaml:"listen" doc:"host:port of the endpoint that speaks ServiceNow's Table API and shows its records"`
	User     string `yaml:"user" doc:"name of the integration user"`
	Password string `yaml:"password" doc:"its password, no secret in a simulated world"`
}

// mailConfig is the mailbox that takes every mail of the simulated world.
type mailConfig struct {
	SMTP     string `yaml:"smtp" doc:"host:port that takes mail"`
	HTTP     string `yaml:"http" doc:"host:port of the page that shows it"`
	User     string `yaml:"user" doc:"who may send; empty: anybody"`
	Password string `yaml:"password" doc:"of the user, no secret in a simulated world"`
}

// awsConfig is the part of the simulated AWS that belongs to the reseller.
type awsConfig struct {
	Listen  string        `yaml:"listen" doc:"host:port of the endpoint that speaks AWS's protocols"`
	Account string        `yaml:"account" doc:"twelve digits of the account whose key AccountTransfer holds"`
	Key     string        `yaml:"key" doc:"that access key id"`
	Payers  []payerConfig `yaml:"payers" doc:"management accounts of the reseller that exist from the start"`
}

// payerConfig is a payer that exists from the start, with the role that AccountTransfer enters it by.
type payerConfig struct {
	AccountID    string `yaml:"account_id" doc:"twelve digits"`
	Name         string `yaml:"name" doc:"name of the account"`
	Email        string `yaml:"email" doc:"address of its root user"`
	Role         string `yaml:"role" doc:"name of the role that the reseller's account may assume"`
	ExternalID   string `yaml:"external_id" doc:"what the role's trust asks for"`
	InboundQuota int    `yaml:"inbound_quota" doc:"transfers that AWS lets it receive"`
	Program      string `yaml:"program_management_account" doc:"its id in AWS Partner Central; empty: it is not registered"`
	Currency     string `yaml:"payment_currency" doc:"ISO 4217 code of what it pays AWS in; empty: USD"`
	Rate         string `yaml:"exchange_rate" doc:"how much of it one dollar is"`
}

func defaults() *config {
	return &config{
		AWS: awsConfig{
			Listen: "127.0.0.1:9092", Account: "999988887777", Key: "AKIARESELLER00000000",
			Payers: []payerConfig{{
				AccountID: "111122223333", Name: "Reseller payer", Email: "aws-payer@example.com",
				Role: "handover", ExternalID: "handover-sandbox", InboundQuota: 1000,
				Program: "pma-sandbox000001", Currency: "EUR", Rate: "0.9215",
			}},
		},
		ServiceNow: serviceNowConfig{Listen: "127.0.0.1:9093", User: "handover", Password: "handover"},
		Mail:       mailConfig{SMTP: "127.0.0.1:9025", HTTP: "127.0.0.1:9094"},
	}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	if c.AWS.Account == "" || c.AWS.Key == "" {
		return errors.New("aws: account and key are needed")
	}
	for key, address := range c.PlainText() {
		if address == "" {
			return fmt.Errorf("%s: must be host:port: an empty address is a free port of every interface", key)
		}
	}
	return nil
}

// PlainText returns where the simulators listen.
func (c *config) PlainText() map[string]string {
	return map[string]string{
		"aws.listen": c.AWS.Listen, "servicenow.listen": c.ServiceNow.Listen, "mail.smtp": c.Mail.SMTP, "mail.http": c.Mail.HTTP,
	}
}

func (c awsConfig) keys() map[string]string { return map[string]string{c.Account: c.Key} }
