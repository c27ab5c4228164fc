namespace ChainCrm.Silo.Hosting;

/// <summary>Headers of every page that a browser shows.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// What a page may load: only from this server. Styles may be inline because the component library and the charts set style
    /// attributes; scripts may not, so injected text stays text.
    /// </summary>
    public const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Sets those that fit any reply.</summary>
    public static void Apply(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=()";
        headers.ContentSecurityPolicy = ContentPolicy;
    }
}
