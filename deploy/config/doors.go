package config

import (
	"fmt"

	"example.com/handover/pkg/kit"
)

// Doors are where the simulators of a sandbox listen, each a host:port of loopback.
type Doors struct {
	AWS, ServiceNow string
	SMTP, MailPage  string
}

// All are the doors, to be given their addresses.
func (d *Doors) All() []*string { return []*string{&d.AWS, &d.ServiceNow, &d.SMTP, &d.MailPage} }

// FreeDoors returns doors on free ports.
func FreeDoors() (Doors, error) {
	var d Doors
	err := kit.FreeAddresses(d.All()...)
	return d, err
}

// Settings are the keys that lead to the doors, on both sides, and their values. A process that does not host a service
// leaves its keys out.
func (d Doors) Settings(service string) map[string]string {
	switch service {
	case "accounttransfer", "billing":
		return map[string]string{"services." + service + ".aws.endpoint": "http://" + d.AWS}
	case "support":
		return map[string]string{"services.support.servicenow.url": "http://" + d.ServiceNow}
	case "notifications":
		return map[string]string{"services.notifications.smtp.address": d.SMTP}
	case "sandbox":
		return map[string]string{
			"services.sandbox.aws.listen": d.AWS, "services.sandbox.servicenow.listen": d.ServiceNow,
			"services.sandbox.mail.smtp": d.SMTP, "services.sandbox.mail.http": d.MailPage,
		}
	}
	return nil
}

// Sections configures all services of one process, as YAML, with as little patience as tests have: settle is how long
// an unanswered call is given.
func (d Doors) Sections(settle string) string {
	return fmt.Sprintf(sections, d.AWS, d.ServiceNow, d.SMTP, d.MailPage, settle)
}

const sections = `
services:
  accounttransfer:
    aws:
      endpoint: http://%[1]s
      static_access_key: AKIARESELLER00000000
      timeout: 2s
      settle: %[5]s
      calls_per_second: 1000
  billing:
    aws:
      endpoint: http://%[1]s
      static_access_key: AKIARESELLER00000000
      timeout: 2s
      calls_per_second: 1000
  support:
    portal_url: https://services.handover.example
    servicenow:
      url: http://%[2]s
      calls_per_hour: 3600000
      settle: %[5]s
  notifications:
    settle: %[5]s
    smtp:
      address: %[3]s
  sandbox:
    aws:
      listen: %[1]s
    servicenow:
      listen: %[2]s
    mail:
      smtp: %[3]s
      http: %[4]s
`
