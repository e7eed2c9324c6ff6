package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"example.com/handover/pkg/aws/channel/types"
)

const contentType = "application/x-amz-json-1.0"

// serialize writes the input into the request.
func serialize(operation string, o Options) middleware.SerializeMiddleware {
	return middleware.SerializeMiddlewareFunc("OperationSerializer", func(
		ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler,
	) (out middleware.SerializeOutput, metadata middleware.Metadata, err error) {
		request, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return out, metadata, &smithy.SerializationError{Err: fmt.Errorf("unknown transport type %T", in.Request)}
		}
		body, err := json.Marshal(in.Parameters)
		if err != nil {
			return out, metadata, &smithy.SerializationError{Err: err}
		}
		address := endpoint
		if o.BaseEndpoint != nil {
			address = *o.BaseEndpoint
		}
		if request.URL, err = url.Parse(strings.TrimSuffix(address, "/") + "/"); err != nil {
			return out, metadata, &smithy.SerializationError{Err: err}
		}
		request.Method = http.MethodPost
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("X-Amz-Target", "PartnerCentralChannel."+operation)
		if request, err = request.SetStream(bytes.NewReader(body)); err != nil {
			return out, metadata, &smithy.SerializationError{Err: err}
		}
		in.Request = request
		return next.HandleSerialize(ctx, in)
	})
}

// deserialize reads the answer: the output, or an exception.
func deserialize(output any) middleware.DeserializeMiddleware {
	return middleware.DeserializeMiddlewareFunc("OperationDeserializer", func(
		ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
	) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		if err != nil {
			return out, metadata, err
		}
		response, ok := out.RawResponse.(*smithyhttp.Response)
		if !ok {
			return out, metadata, &smithy.DeserializationError{Err: fmt.Errorf("unknown transport type %T", out.RawResponse)}
		}
		defer smithyhttp.CloseResponseBody(ctx, response, false, nil)
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return out, metadata, &smithy.DeserializationError{Err: fmt.Errorf("failed to read the answer: %w", err)}
		}
		if response.StatusCode < 200 || response.StatusCode >= 300 {
			return out, metadata, exception(response, body)
		}
		if err := json.Unmarshal(body, output); err != nil {
			return out, metadata, &smithy.DeserializationError{Err: err, Snapshot: body}
		}
		out.Result = output
		return out, metadata, nil
	})
}

// exception is the typed error of an answer that is none. Its code is in a header or in the body.
func exception(response *smithyhttp.Response, body []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	unreadable := json.Unmarshal(body, &said)
	code := codeOf(response.Header.Get("X-Amzn-Errortype"), said.Type, said.Code)
	typed := typeOf(code)
	if typed == nil || unreadable != nil || json.Unmarshal(body, typed) != nil {
		if code == "" && unreadable != nil {
			code = "UnknownError" // not AWS's own words: a proxy, a load balancer
		}
		return &smithy.GenericAPIError{Code: code, Message: said.Message, Fault: faultOf(response.StatusCode)}
	}
	return typed
}

// codeOf strips what a code may carry: "com.amazonaws.x#Code:http://…".
func codeOf(candidates ...string) string {
	for _, c := range candidates {
		c, _, _ = strings.Cut(c, ":")
		if c = c[strings.LastIndex(c, "#")+1:]; c != "" {
			return c
		}
	}
	return ""
}

func faultOf(status int) smithy.ErrorFault {
	if status >= http.StatusInternalServerError {
		return smithy.FaultServer
	}
	return smithy.FaultClient
}

// typeOf is an empty exception of that code; nil when the service has none.
func typeOf(code string) smithy.APIError {
	for _, e := range []smithy.APIError{
		&types.AccessDeniedException{}, &types.ConflictException{}, &types.InternalServerException{},
		&types.ResourceNotFoundException{}, &types.ServiceQuotaExceededException{}, &types.ThrottlingException{},
		&types.ValidationException{},
	} {
		if e.ErrorCode() == code {
			return e
		}
	}
	return nil
}
