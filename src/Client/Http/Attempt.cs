using System.Net;
using System.Text.Json;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Http;

/// <summary>The answer to one attempt: status, whole body, and when the server asked to come back.</summary>
internal readonly record struct Attempt(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)
{
    public bool Succeeded => (int)Status is >= 200 and < 300;

    /// <summary>
    /// The same request may be sent again at once without a change: the server was busy, stopping or not reachable behind its proxy, or
    /// says itself that it may pass later. A 409 that may pass later (not enough points) is an answer, not a hiccup.
    /// </summary>
    public bool IsTransient =>
        Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || ((int)Status >= 500 && ReadProblem().MayPassLater);

    /// <summary>The refusal in the body; made up from the status when the body is none.</summary>
    public Problem ReadProblem()
    {
        try
        {
            var problem = JsonSerializer.Deserialize(Body, WireJson.Default.Problem);
            if (problem is not null) return problem with { Status = (int)Status };
        }
        catch (JsonException)
        {
            // A proxy's HTML page or an empty body: the status is all there is to tell.
            return Bare();
        }

        return Bare();
    }

    private Problem Bare() => new() { Status = (int)Status, Title = $"The server answered {(int)Status} {Status}." };
}
