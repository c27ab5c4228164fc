using System.Diagnostics;

namespace ChainCrm.Domain.AccessKeys;

/// <summary>One access key.</summary>
public sealed class AccessKeyState
{
    public KeyIssued? Issued { get; internal set; }
    public bool IsRevoked { get; internal set; }

    /// <summary>The state as plain data, for a snapshot.</summary>
    public AccessKeyStateData Export() => new(Issued, IsRevoked);

    /// <summary>The state back from plain data.</summary>
    public static AccessKeyState Import(AccessKeyStateData data) => new() { Issued = data.Issued, IsRevoked = data.IsRevoked };
}

/// <summary>An <see cref="AccessKeyState"/> as plain data.</summary>
public sealed record AccessKeyStateData(KeyIssued? Issued, bool IsRevoked);

/// <summary>The rules of one access key.</summary>
public static class AccessKeyDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<AccessKeyEvent> Decide(AccessKeyState state, AccessKeyCommand command)
    {
        if (!IdRules.IsValid(command.Origin)) return AccessKeyRejections.OriginInvalid;
        return command switch
        {
            IssueKey issue => Issue(state, issue),
            RevokeKey revoke => Revoke(state, revoke),
            _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
        };
    }

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static AccessKeyState Evolve(AccessKeyState state, AccessKeyEvent happened)
    {
        switch (happened)
        {
            case KeyIssued e:
                state.Issued = e;
                return state;
            case KeyRevoked:
                state.IsRevoked = true;
                return state;
            default:
                throw new UnreachableException($"Nothing folds {happened.GetType().Name}.");
        }
    }

    private static Decision<AccessKeyEvent> Issue(AccessKeyState state, IssueKey issue)
    {
        if (issue.Role is not (AccessRole.Till or AccessRole.Office or AccessRole.Viewer)) return AccessKeyRejections.RoleUnknown.At("role");
        if (!IsHash(issue.SecretHash)) return AccessKeyRejections.HashInvalid;
        if (issue.Role == AccessRole.Till)
        {
            if (issue.Store is not { } store || !IdRules.IsValid(store)) return AccessKeyRejections.StoreInvalid.At("store");
            if (issue.Till is not { } till || !IdRules.IsValid(till)) return AccessKeyRejections.TillInvalid.At("till");
        }
        else if (issue.Store is not null || issue.Till is not null)
        {
            return AccessKeyRejections.StoreNotAllowed.At(issue.Store is not null ? "store" : "till");
        }

        if (issue.Role == AccessRole.Viewer && issue.SeesPersonal) return AccessKeyRejections.PersonalNotAllowed.At("seesPersonal");
        if (!TextRules.IsTextOrNull(issue.Label)) return AccessKeyRejections.LabelInvalid.At("label");
        if (state.Issued is { } before)
            return !state.IsRevoked && IsSame(before, issue) ? Decision<AccessKeyEvent>.AlreadyDone : AccessKeyRejections.Exists;

        return new KeyIssued
        {
            At = issue.At,
            Origin = issue.Origin,
            Role = issue.Role,
            SecretHash = issue.SecretHash,
            Store = issue.Store,
            Till = issue.Till,
            SeesPersonal = issue.SeesPersonal,
            Label = issue.Label,
        };
    }

    private static Decision<AccessKeyEvent> Revoke(AccessKeyState state, RevokeKey revoke)
    {
        if (!TextRules.IsTextOrNull(revoke.Reason)) return AccessKeyRejections.ReasonInvalid.At("reason");
        if (state.Issued is null) return AccessKeyRejections.Unknown;
        if (state.IsRevoked) return Decision<AccessKeyEvent>.AlreadyDone;
        return new KeyRevoked { At = revoke.At, Origin = revoke.Origin, Reason = revoke.Reason };
    }

    private static bool IsSame(KeyIssued before, IssueKey issue) =>
        before.Role == issue.Role && before.SecretHash == issue.SecretHash && before.Store == issue.Store && before.Till == issue.Till
        && before.SeesPersonal == issue.SeesPersonal && before.Label == issue.Label;

    private static bool IsHash(string? hash)
    {
        if (hash is null || hash.Length != Limits.SecretHashLength) return false;
        foreach (var c in hash)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }

        return true;
    }
}
