namespace ChainCrm.Silo.Operation;

/// <summary>GET /health/live and /health/ready: open to anybody, cheap, and without a word about any person or sale.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps both.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes, Readiness readiness)
    {
        // Alive means: the process answers. A supervisor restarts it when this fails, so nothing that a restart does not cure belongs here.
        routes.MapGet("/health/live", context =>
        {
            NoStore(context);
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"status":"live"}""");
        });
        routes.MapGet("/health/ready", context =>
        {
            NoStore(context);
            var report = readiness.Report();
            context.Response.StatusCode = report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsJsonAsync(report, HealthJson.Default.HealthReport);
        });
    }

    private static void NoStore(HttpContext context) => context.Response.Headers.CacheControl = "no-store";
}
