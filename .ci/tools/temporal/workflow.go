package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"
)

const (
	queue = "transfers"
	steps = 10
)

// transfer is ten steps, one after the other.
func transfer(ctx workflow.Context) (answers []string, err error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	for n := range steps {
		var answer string
		if err := workflow.ExecuteActivity(ctx, "step", n).Get(ctx, &answer); err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// call is what every step does outside.
type call struct {
	url, authorization, contentType, body string
	http                                  *http.Client
}

// step makes the call and returns AWS's id of the answer: its result, which Temporal keeps.
func (c *call) step(ctx context.Context, _ int) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(c.body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", c.authorization)
	req.Header.Set("Content-Type", c.contentType)
	resp, err := c.http.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("answered %s: %s", resp.Status, text)
	}
	return resp.Header.Get("X-Amzn-Requestid"), err
}
