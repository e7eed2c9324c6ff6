package aws

import "example.com/handover/pkg/aws/channel"

// Channel returns a client of Partner Central's Channel API that acts in an account: the payer's, or the one that is
// linked to Partner Central. Classify reads its errors as it reads those of the SDK's own clients. Errors as for
// Organizations.
func (c *Clients) Channel(p Payer) (*channel.Client, error) {
	cfg, err := c.Config(p)
	if err != nil {
		return nil, err
	}
	return channel.NewFromConfig(cfg), nil
}
