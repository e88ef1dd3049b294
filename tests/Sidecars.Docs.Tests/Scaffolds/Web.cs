using Microsoft.AspNetCore.Builder;

internal static class Web
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        // the block
        return app;
    }
}
