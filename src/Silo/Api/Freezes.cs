using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Freezes and releases, of stored value and of points: the same request, another command.</summary>
internal static class Freezes
{
    /// <summary>Reads the request, asks the customer's grain, and answers.</summary>
    /// <param name="api">What the endpoints work with.</param>
    /// <param name="http">The request.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="kind">What the fingerprint is of.</param>
    /// <param name="freeze">Freezes for a reason.</param>
    /// <param name="release">Releases for a reason.</param>
    /// <param name="reply">The answer, by customer, whether it is frozen now, and the version of the entry: 0 where it was so already, for then nothing is recorded.</param>
    public static async ValueTask<ApiReply> AskAsync(
        ApiServices api, HttpContext http, Caller caller, FingerprintKind kind, Func<CounterAct, string, CustomerCommand> freeze, Func<CounterAct, string, CustomerCommand> release,
        Func<string, bool, long, ApiReply> reply)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.FreezeRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, request.Customer, request.Store, request.Staff, InputRules.Text(request.Reason, "reason", Limits.TextLengthMax));
        if (asked is null) return refused!;
        var command = request.Frozen ? freeze(asked, request.Reason!) : release(asked, request.Reason!);
        var answer = await asked.AskAsync(api, caller, asked.FingerprintOf(api, kind, request.Frozen ? 1 : 0, request.Reason), command);
        return answer.IsOk ? reply(asked.Customer.Value, request.Frozen, answer.Entry?.Version ?? 0) : answer.Rejection!;
    }
}
