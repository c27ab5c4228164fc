using System.Globalization;
using ChainCrm.Client.Backup;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ChainCrm.Silo.Api;

/// <summary>Sends a backup of the whole installation, sealed for a key of the operator before it leaves the server.</summary>
internal static class BackupEndpoint
{
    /// <summary>POST /v1/backup.</summary>
    public static async ValueTask<ApiReply> SendAsync(ApiServices api, HttpContext http, Caller caller)
    {
        // A backup is of everything the installation holds, and its keys open personal data to who has the master key.
        if (caller.Key is not { SeesPersonal: true } key || caller.Chain != api.Options.DefaultChain) return ApiRejections.BackupNotYours;
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.BackupRequest);
        if (request is null) return wrong!;
        if (request.PublicKey is null) return ApiRejections.MissingField.At("publicKey");
        var point = new byte[BackupKey.PublicBytes];
        if (!Convert.TryFromBase64String(request.PublicKey, point, out var length) || BackupKey.FromPublic(point.AsSpan(0, length)) is not { } recipient)
            return ApiRejections.BackupKeyInvalid.At("publicKey");

        var (backup, rejection) = await api.Backups.BeginAsync(recipient, key.Id, http.RequestAborted);
        if (backup is null) return rejection!;
        await using (backup) await StreamAsync(backup, http, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        return ApiReply.Written;
    }

    /// <summary>Sends a backup that has begun, to a receiver that keeps up and until the server stops.</summary>
    internal static async Task StreamAsync(BackupService.Begun backup, HttpContext http, CancellationToken stopping)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace)
            pace.MinDataRate = new MinDataRate(BackupLimits.ReceiveBytesPerSecondMin, TimeSpan.FromMilliseconds(BackupLimits.ReceiveGraceMs));
        // What arrived of a backup is of no use without its end, so a stop does not wait for one; and only the end of the line frees a write that the receiver holds up.
        await using var stop = stopping.Register(http.Abort);
        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers[BackupEnvelope.EntriesHeader] = backup.Entries.ToString(CultureInfo.InvariantCulture);
        // On threads of the pool from here on: packing must not hold up the thread that reads the tills' sockets.
        await Task.Run(() => backup.WriteAsync(http.Response.Body, http.RequestAborted));
    }
}
