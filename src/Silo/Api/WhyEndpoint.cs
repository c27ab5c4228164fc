using ChainCrm.Client.Wire;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using ChainCrm.Silo.Why;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>GET /v1/customers/{id}/entries/{version}/why: rule, version and facts behind an entry, straight from the journal.</summary>
internal static class WhyEndpoint
{
    /// <summary>One entry explained.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        var (version, badVersion) = Routes.Version(http);
        if (badVersion is not null) return badVersion;
        var grain = new GrainId(caller.Chain, GrainKinds.Customer, customer.Value);
        var found = await api.Journal.ReadStreamBackwardAsync(grain.Stream, version + 1, 1);
        if (found is not [var written] || written.Version != version) return ApiRejections.NoSuchEntry.At("version");
        var entry = EntryCodec.Decode(written);
        var (reasons, agrees) = EntryReasons.Of(api, caller.Chain, entry, api.ProgrammeOf(caller.Chain, entry.ProgrammeVersion));
        return ApiReply.Ok(
            new WhyReply
            {
                Customer = customer.Value, Version = entry.Version, At = DateTimeOffset.FromUnixTimeMilliseconds(entry.TimeMs), ProgrammeVersion = entry.ProgrammeVersion,
                Agrees = agrees, Reasons = reasons,
            },
            Wire.Json.WhyReply);
    }
}
