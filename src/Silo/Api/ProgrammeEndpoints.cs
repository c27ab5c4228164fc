using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>The chain's rules: the running version, a check, a new version.</summary>
internal static class ProgrammeEndpoints
{
    /// <summary>GET /v1/programme.</summary>
    public static async ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var read = await api.Engine.ReadAsync<ProgrammeState, int, Published>(
            GrainOf(caller), 0, static (state, _) => new Published(state.Version, state.Document, state.PublishedAt, state.Note));
        if (read.Rejection is not null) return read.Rejection;
        var published = read.Value!;
        return ApiReply.Ok(
            new ProgrammeView(
                published.Version, JsonOf(published.Document ?? Programme.BuiltIn.Document),
                published.At is { } at ? MemberCards.TimeOf(at) : null, published.Note),
            Wire.Json.ProgrammeView);
    }

    /// <summary>POST /v1/programme/validate.</summary>
    public static async ValueTask<ApiReply> CheckAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ProgrammeCheckRequest);
        if (request is null) return wrong!;
        var (document, bad) = TextOf(request.Document);
        if (document is null) return bad!;
        var errors = ErrorsOf(document);
        return ApiReply.Ok(new ProgrammeCheckReply(errors.Count == 0, [.. errors.Take(ApiLimits.ProblemErrorsMax).Select(e => ProblemMap.ToProblem(e))]), Wire.Json.ProgrammeCheckReply);
    }

    /// <summary>PUT /v1/programme.</summary>
    public static async ValueTask<ApiReply> PublishAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.ProgrammeRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        if (InputRules.OptionalText(request.Note, "note", Limits.TextLengthMax) is { } badNote) return badNote;
        var (document, bad) = TextOf(request.Document);
        if (document is null) return bad!;
        var errors = ErrorsOf(document);
        if (errors.Count > 0) return ApiReply.Refuse(ApiRejections.ProgrammeInvalid, errors);

        var reply = await api.Engine.AskAsync(new GrainCommand(GrainOf(caller), Callers.CommandId(caller, key), FingerprintOf(api, request, document), new PublishProgramme
        {
            At = api.Now(), Origin = new Origin(null), Document = document, BasedOnVersion = request.BasedOnVersion, Note = request.Note,
        }));
        if (!reply.IsOk) return reply.Rejection!;
        if (reply.Entry is null) return await ShowAsync(api, http, caller);
        await api.Directories.WaitForAsync(reply.Entry.Position);
        var published = EntryReplies.Expect<ProgrammePublished>(reply.Entry);
        return ApiReply.Ok(new ProgrammeView(published.Version, JsonOf(published.Document), MemberCards.TimeOf(published.At), published.Note), Wire.Json.ProgrammeView);
    }

    private static GrainId GrainOf(Caller caller) => new(caller.Chain, GrainKinds.Programme, GrainKinds.ProgrammeKey);

    /// <summary>GET /v1/programme/versions: newest first.</summary>
    public static async ValueTask<ApiReply> VersionsAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (limit, badLimit) = Routes.Number(http, "limit", ApiLimits.VersionPageDefault, 1, ApiLimits.VersionPageMax);
        if (badLimit is not null) return badLimit;
        var (before, badBefore) = Routes.Number(http, "before", long.MaxValue, 1, long.MaxValue);
        if (badBefore is not null) return badBefore;
        // Each entry of this stream publishes one version, so the two count alike.
        var entries = await api.Journal.ReadStreamBackwardAsync(GrainOf(caller).Stream, before, (int)limit);
        var versions = entries.Select(static written => EntryReplies.Expect<ProgrammePublished>(EntryCodec.Decode(written)))
            .Select(static published => new ProgrammeVersionView(published.Version, MemberCards.TimeOf(published.At), published.Note)).ToList();
        return ApiReply.Ok(new ProgrammeVersionPage(versions, versions.Count == limit && versions[^1].Version > 1 ? versions[^1].Version : null), Wire.Json.ProgrammeVersionPage);
    }

    /// <summary>GET /v1/programme/versions/{version}.</summary>
    public static async ValueTask<ApiReply> VersionAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (version, badVersion) = Routes.Version(http);
        if (badVersion is not null) return badVersion;
        var entries = await api.Journal.ReadStreamBackwardAsync(GrainOf(caller).Stream, version + 1, 1);
        if (entries is not [var written] || written.Version != version) return ApiRejections.NoSuchVersion.At("version");
        var published = EntryReplies.Expect<ProgrammePublished>(EntryCodec.Decode(written));
        return ApiReply.Ok(new ProgrammeView(published.Version, JsonOf(published.Document), MemberCards.TimeOf(published.At), published.Note), Wire.Json.ProgrammeView);
    }

    /// <summary>A document compiled, or everything that is wrong with it; the time zone is asked of this machine, since the domain knows none.</summary>
    internal static (Programme? Programme, IReadOnlyList<Rejection> Errors) Compile(string document)
    {
        var (programme, errors) = Programme.Compile(document, 0);
        if (programme is null) return (null, errors.Count > 0 ? errors : [ApiRejections.ProgrammeInvalid]);
        return BusinessClock.Find(programme.TimeZone) is null ? (null, [ApiRejections.TimeZoneUnknown.At("timeZone")]) : (programme, []);
    }

    private static IReadOnlyList<Rejection> ErrorsOf(string document) => Compile(document).Errors;

    internal static Outcome<string> TextOf(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object) return ApiRejections.WrongType.At("document");
        try
        {
            return document.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // The reader passes over the bytes of a document without looking at their encoding; that comes to light only here.
            return ApiRejections.InvalidUtf8.At("document");
        }
    }

    private static JsonElement JsonOf(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return parsed.RootElement.Clone();
    }

    private static ulong FingerprintOf(ApiServices api, ProgrammeRequest request, string document)
    {
        var writer = new FingerprintWriter(FingerprintKind.Programme);
        writer.Number(request.BasedOnVersion);
        writer.Text(request.Note);
        writer.Text(document);
        return writer.Finish(api.Vault);
    }

    private sealed record Published(int Version, string? Document, Timestamp? At, string? Note);
}
