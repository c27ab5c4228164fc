using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Access keys of tills, headquarters and viewers.</summary>
internal static class KeyEndpoints
{
    /// <summary>GET /v1/keys.</summary>
    public static ValueTask<ApiReply> ListAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var keys = api.Directories.Keys(caller.Chain).OrderBy(k => k.Id, StringComparer.Ordinal)
            .Select(k => new KeyView(k.Id, RoleNames.Of(k.Role), k.Store?.Value, k.Till?.Value, k.Label, k.SeesPersonal, k.IsRevoked));
        return new ValueTask<ApiReply>(ApiReply.Ok(new KeyList([.. keys]), Wire.Json.KeyList));
    }

    /// <summary>
    /// POST /v1/keys. Id and secret derive from the idempotency key (the secret under the installation's own key), so that a retry whose
    /// first answer was lost gets the same key instead of a second one.
    /// </summary>
    public static async ValueTask<ApiReply> IssueAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.KeyRequest);
        if (request is null) return wrong!;
        var (idempotencyKey, missing) = IdempotencyKeys.Of(http.Request);
        if (idempotencyKey is null) return missing!;
        if (request.Role is null) return ApiRejections.MissingField.At("role");
        if (RoleNames.Parse(request.Role) is not { } role) return ApiRejections.TextInvalid.At("role");
        if (InputRules.OptionalText(request.Label, "label", Limits.TextLengthMax) is { } badLabel) return badLabel;
        if (InputRules.OptionalText(request.Till, "till", Limits.IdLengthMax) is { } badTill) return badTill;
        // Otherwise a key could give itself, through another one, what it was not given.
        if (request.SeesPersonal && !caller.SeesPersonal) return ApiRejections.PersonalNotYours.At("seesPersonal");
        if (request.Store is not null || role == AccessRole.Till)
        {
            var (_, unknownStore) = Callers.StoreOf(api, caller, request.Store);
            if (unknownStore is not null) return unknownStore;
        }

        var commandId = Callers.CommandId(caller, idempotencyKey);
        var id = IdText.KeyId(caller.Chain, commandId);
        var secret = KeyedBytes.Derive(api.Vault, KeyedBytes.KeySecretPurpose, id);
        var hash = AccessKeyText.Hash(secret);
        var reply = await api.Engine.AskAsync(new GrainCommand(GrainOf(caller, id), commandId, FingerprintOf(api, request), new IssueKey
        {
            At = api.Now(),
            Origin = new Origin(null),
            Role = role,
            SecretHash = hash,
            Store = request.Store is null ? null : new StoreId(request.Store),
            Till = request.Till is null ? null : new TillId(request.Till),
            SeesPersonal = request.SeesPersonal,
            Label = request.Label,
        }));
        if (!reply.IsOk) return reply.Rejection!;
        var issued = EntryReplies.Expect<KeyIssued>(reply.Entry!);
        // After a change of the master key the secret can't be derived again.
        if (!AccessKeyText.SameHash(issued.SecretHash, hash)) return ApiRejections.SecretShownOnce;
        await api.Directories.WaitForAsync(reply.Entry!.Position);
        return ApiReply.Created(
            new KeyReply(id, AccessKeyText.Format(id, secret), RoleNames.Of(issued.Role), issued.Store?.Value, issued.Till?.Value), Wire.Json.KeyReply);
    }

    /// <summary>DELETE /v1/keys/{id}.</summary>
    public static async ValueTask<ApiReply> RevokeAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (idempotencyKey, missing) = IdempotencyKeys.Of(http.Request);
        if (idempotencyKey is null) return missing!;
        var id = Routes.Id(http);
        if (InputRules.Id(id, "id") is not null || api.Directories.Key(id!) is not { } key || key.Chain != caller.Chain) return ApiRejections.NoSuchKey.At("id");
        var reply = await api.Engine.AskAsync(new GrainCommand(
            GrainOf(caller, key.Id), Callers.CommandId(caller, idempotencyKey), FingerprintOf(api, key.Id), new RevokeKey { At = api.Now(), Origin = new Origin(null) }));
        if (!reply.IsOk) return reply.Rejection!;
        if (reply.Entry is { } entry)
        {
            // The key's own issue stands in the same stream. An entry without a fingerprint (the first office key's) passes for any content,
            // and nobody may read "revoked" of a key that stands.
            if (EntryReplies.Find<KeyRevoked>(entry) is null) return EngineRejections.KeyReused;
            // Dead at once: the answer comes when every check already knows.
            await api.Directories.WaitForAsync(entry.Position);
        }

        return ApiReply.Ok(new KeyRevokedReply(key.Id, true), Wire.Json.KeyRevokedReply);
    }

    private static GrainId GrainOf(Caller caller, string id) => new(caller.Chain, GrainKinds.AccessKey, id);

    private static ulong FingerprintOf(ApiServices api, string revoked)
    {
        var writer = new FingerprintWriter(FingerprintKind.KeyRevocation);
        writer.Text(revoked);
        return writer.Finish(api.Vault);
    }

    private static ulong FingerprintOf(ApiServices api, KeyRequest request)
    {
        var writer = new FingerprintWriter(FingerprintKind.Key);
        writer.Text(request.Role);
        writer.Text(request.Store);
        writer.Text(request.Till);
        writer.Number(request.SeesPersonal ? 1 : 0);
        writer.Text(request.Label);
        return writer.Finish(api.Vault);
    }
}

/// <summary>Roles as the wire names them.</summary>
internal static class RoleNames
{
    public static string Of(AccessRole role) => role switch
    {
        AccessRole.Till => "till",
        AccessRole.Office => "office",
        AccessRole.Viewer => "viewer",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static AccessRole? Parse(string name) => name switch
    {
        "till" => AccessRole.Till,
        "office" => AccessRole.Office,
        "viewer" => AccessRole.Viewer,
        _ => null,
    };
}
